// What lies over the page, called from many places.

import { signal } from "@preact/signals";

export const overlay = signal<"palette" | "help" | null>(null);
