// Unsent text, per operator and conversation, kept across reloads and
// expired sessions. Each draft has its own key, so that two tabs of the
// console never overwrite each other's.

import { signal } from "@preact/signals";

const PREFIX = "chat-console:draft:";

export const drafts = signal<ReadonlyMap<number, string>>(new Map());

let owner = 0;

function keyOf(conversation: number): string {
  return `${PREFIX}${owner}:${conversation}`;
}

/** Loads the drafts of the operator who logged in. */
export function openDrafts(operator: number): void {
  owner = operator;
  const found = new Map<number, string>();
  const prefix = `${PREFIX}${operator}:`;
  try {
    for (const key of Object.keys(localStorage)) {
      const text = key.startsWith(prefix) ? localStorage.getItem(key) : null;
      if (text) {
        found.set(Number(key.slice(prefix.length)), text);
      }
    }
  } catch {
    // Without storage, drafts live as long as the page.
  }
  drafts.value = found;
}

export function setDraft(conversation: number, text: string): void {
  const next = new Map(drafts.value);
  if (text === "") {
    next.delete(conversation);
  } else {
    next.set(conversation, text);
  }
  drafts.value = next;
  try {
    if (text === "") {
      localStorage.removeItem(keyOf(conversation));
    } else {
      localStorage.setItem(keyOf(conversation), text);
    }
  } catch {
    // See openDrafts.
  }
}
