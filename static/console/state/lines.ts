// A thread as it is read: bubbles grouped by who spoke, a line where the day
// changes, and the system's own lines. Pure, so that it is tested as such.

import { sameDay } from "../../shared/time.ts";
import type { Author, LoggedEvent } from "../../shared/types.ts";

/** A message on its way, or one that could not be delivered. */
export interface Pending {
  readonly clientId: string;
  readonly text: string;
  readonly at: number;
  readonly failed: boolean;
  /** it was tried before, and will be again */
  readonly delayed: boolean;
  /** the problem's type, when it failed */
  readonly problem: string | null;
}

export interface Bubble {
  readonly key: string;
  readonly text: string;
  readonly at: number;
  /** null while it is pending */
  readonly id: number | null;
  readonly pending: Pending | null;
}

export type Line =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "unread"; readonly key: string }
  | {
      readonly kind: "system";
      readonly key: string;
      readonly event: LoggedEvent;
    }
  | {
      readonly kind: "group";
      readonly key: string;
      readonly author: Author;
      readonly bubbles: Bubble[];
    };

const TOGETHER_MS = 3 * 60_000;

export function mergeEvents(
  old: readonly LoggedEvent[],
  fresh: readonly LoggedEvent[],
): readonly LoggedEvent[] {
  const known = new Set(old.map((event) => event.id));
  const added = fresh.filter((event) => !known.has(event.id));
  if (added.length === 0) {
    return old;
  }
  return [...old, ...added].sort((a, b) => a.id - b.id);
}

function sameAuthor(a: Author, b: Author): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** An assignment already says "active"; saying both would be noise. */
function isNoise(event: LoggedEvent): boolean {
  return event.type === "state" && event.data.state === "active";
}

class Writer {
  readonly lines: Line[] = [];
  #at = 0;

  #day(at: number): void {
    if (this.#at === 0 || !sameDay(this.#at, at)) {
      this.lines.push({ kind: "day", key: `d${at}`, at });
    }
    this.#at = at;
  }

  add(line: Line, at: number): void {
    this.#day(at);
    this.lines.push(line);
  }

  bubble(author: Author, bubble: Bubble): void {
    this.#day(bubble.at);
    const last = this.lines[this.lines.length - 1];
    const before =
      last?.kind === "group"
        ? last.bubbles[last.bubbles.length - 1]
        : undefined;
    if (
      last?.kind === "group" &&
      before !== undefined &&
      sameAuthor(last.author, author) &&
      bubble.at - before.at < TOGETHER_MS
    ) {
      last.bubbles.push(bubble);
      return;
    }
    const key = `g${bubble.key}`;
    this.lines.push({ kind: "group", key, author, bubbles: [bubble] });
  }
}

/** `firstUnread` is the message above which the "new" line stands. */
export function linesOf(
  events: readonly LoggedEvent[],
  pending: readonly Pending[],
  me: Author,
  firstUnread: number | null,
): readonly Line[] {
  const writer = new Writer();
  const delivered = new Set<string>();
  for (const event of events) {
    if (event.id === firstUnread) {
      writer.add({ kind: "unread", key: "unread" }, event.at);
    }
    if (event.type === "message") {
      const { text, client_id } = event.data;
      delivered.add(client_id);
      // The key outlives the delivery, so the bubble on screen stays the same.
      const key = client_id;
      const { id, at } = event;
      writer.bubble(event.author, { key, text, at, id, pending: null });
    } else if (!isNoise(event)) {
      writer.add({ kind: "system", key: `e${event.id}`, event }, event.at);
    }
  }
  for (const item of pending) {
    if (!delivered.has(item.clientId)) {
      const { clientId: key, text, at } = item;
      writer.bubble(me, { key, text, at, id: null, pending: item });
    }
  }
  return writer.lines;
}
