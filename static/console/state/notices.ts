// A word about what just happened, and what screen readers hear of incoming
// messages.

import { signal } from "@preact/signals";

export interface Notice {
  readonly text: string;
  readonly bad: boolean;
}

const SHOWN_MS = 6000;

export const notice = signal<Notice | null>(null);
export const heard = signal("");

let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, bad = false): void {
  notice.value = { text, bad };
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.value = null;
  }, SHOWN_MS);
}

export function announce(text: string): void {
  heard.value = text;
}
