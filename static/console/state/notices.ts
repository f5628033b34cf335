// A word about what just happened, and what screen readers hear of incoming
// messages.

import { signal } from "@preact/signals";

/** What can be done about it, as long as it is shown. */
export interface Remedy {
  readonly label: string;
  run(): void;
}

export interface Notice {
  readonly text: string;
  readonly bad: boolean;
  readonly remedy: Remedy | null;
}

const SHOWN_MS = 6000;

/** Whoever may act needs time to get there, by keyboard too. */
const SHOWN_WITH_REMEDY_MS = 15_000;

export const notice = signal<Notice | null>(null);
export const heard = signal("");

let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, bad = false): void {
  show({ text, bad, remedy: null }, SHOWN_MS);
}

export function offer(text: string, remedy: Remedy): void {
  show({ text, bad: false, remedy }, SHOWN_WITH_REMEDY_MS);
}

function show(one: Notice, ms: number): void {
  notice.value = one;
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.value = null;
  }, ms);
}

export function announce(text: string): void {
  heard.value = text;
}
