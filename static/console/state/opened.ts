// The conversations that stand open beside each other, as tabs or columns.
// A glance at a conversation takes one place, reused by the next glance, until
// the operator does something in it: so that reading on leaves no trail.

import { computed, signal } from "@preact/signals";
import { go, route } from "../router.ts";
import { drafts } from "./drafts.ts";

export interface Opened {
  readonly id: number;
  readonly kept: boolean;
}

const KEY = "chat-console:opened";
const MOST = 12;

function read(): Opened[] {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(list)
      ? list
          .filter((id): id is number => Number.isSafeInteger(id) && id > 0)
          .map((id) => ({ id, kept: true }))
      : [];
  } catch {
    return [];
  }
}

export const opened = signal<readonly Opened[]>(read());

export const active = computed<number | null>(() =>
  route.value.name === "conversation" ? route.value.id : null,
);

function set(list: readonly Opened[]): void {
  opened.value = list;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list.map((item) => item.id)));
  } catch {
    // Without storage, the tabs live as long as the page.
  }
}

function isKept(item: Opened): boolean {
  return item.kept || drafts.peek().has(item.id);
}

/** Called for whatever the address names. */
export function show(id: number): void {
  const list = opened.peek();
  if (list.some((item) => item.id === id)) {
    return;
  }
  const glance = list.findIndex((item) => !isKept(item));
  const fresh = { id, kept: false };
  if (glance >= 0) {
    set(list.map((item, i) => (i === glance ? fresh : item)));
    return;
  }
  set([...list, fresh].slice(-MOST));
}

export function keep(id: number): void {
  const list = opened.peek();
  if (list.some((item) => item.id === id && !item.kept)) {
    set(list.map((item) => (item.id === id ? { id, kept: true } : item)));
  }
}

export function shut(id: number): void {
  const list = opened.peek();
  const at = list.findIndex((item) => item.id === id);
  if (at < 0) {
    return;
  }
  const rest = list.filter((item) => item.id !== id);
  set(rest);
  if (active.peek() === id) {
    const next = rest[Math.min(at, rest.length - 1)];
    go(next ? { name: "conversation", id: next.id } : { name: "inbox" });
  }
}
