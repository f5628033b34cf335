// Where the keyboard is in the list: the row that has the focus, or had it
// last.

import { signal } from "@preact/signals";

export const focused = signal(0);
