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
let shownFor = SHOWN_MS;
let held = false;

export function say(text: string, bad = false): void {
  show({ text, bad, remedy: null }, SHOWN_MS);
}

export function offer(text: string, remedy: Remedy): void {
  show({ text, bad: false, remedy }, SHOWN_WITH_REMEDY_MS);
}

/** Somebody is at it, with the pointer or by keyboard: it stays. */
export function hold(): void {
  held = true;
  clearTimeout(timer);
}

/** It has its time again. */
export function release(): void {
  held = false;
  start();
}

export function dismiss(): void {
  notice.value = null;
  held = false;
  clearTimeout(timer);
}

function show(one: Notice, ms: number): void {
  notice.value = one;
  shownFor = ms;
  if (!held) {
    start();
  }
}

function start(): void {
  clearTimeout(timer);
  timer = setTimeout(dismiss, shownFor);
}

export function announce(text: string): void {
  heard.value = text;
}
