// The log as it is drawn: days, notices and groups of bubbles. Pure.

import { type ChatState, findLast, isOwn } from "../loader/model.ts";
import type { OutboxItem } from "../shared/outbox.ts";
import { sameDay } from "../shared/time.ts";
import type { LoggedEvent, MessageEvent } from "../shared/types.ts";

export type Mark =
  | "sending"
  | "sent"
  | "read"
  | "waiting"
  | "failed"
  /** For what the text has: waiting does not help. */
  | "held";

export interface Bubble {
  /** The client id: a message keeps its node from the outbox to the log. */
  key: string;
  text: string;
  at: number;
  mark: Mark | undefined;
}

export interface Group {
  kind: "group";
  key: string;
  own: boolean;
  name: string | undefined;
  bubbles: Bubble[];
}

export type Item =
  | Group
  | { kind: "day"; key: string; at: number }
  | { kind: "joined"; key: string; name: string }
  | { kind: "queued"; key: string }
  | { kind: "ended"; key: string };

/** Bubbles of one author that are further apart are groups of their own. */
const APART = 5 * 60_000;

export function buildItems(
  state: ChatState,
  unsent: readonly OutboxItem[],
): Item[] {
  const items: Item[] = [];
  const lastOwn = findLast(state.events, isOwn);
  let day = 0;
  let closed = 0;

  const add = (item: Item, at: number) => {
    if (!day || !sameDay(day, at)) {
      items.push({ kind: "day", key: `day${at}`, at });
    }

    day = at;
    items.push(item);
  };

  for (const event of state.events) {
    if (event.type === "message") {
      const mark = event === lastOwn ? ownMark(state, event) : undefined;
      addBubble(items, add, event, mark);
    } else if (event.type !== "state" || event.conversation !== closed) {
      const notice = noticeOf(event);

      if (notice) {
        add(notice, event.at);
      }
    }

    if (event.type === "state" && event.data.state === "closed") {
      closed = event.conversation;
    }
  }

  for (const item of unsent) {
    addUnsent(items, add, item);
  }

  return items;
}

type Add = (item: Item, at: number) => void;

function addBubble(
  items: Item[],
  add: Add,
  event: MessageEvent,
  mark: Mark | undefined,
): void {
  const own = isOwn(event);

  join(items, add, own, event.author.name, {
    key: event.data.client_id || String(event.id),
    text: event.data.text,
    at: event.at,
    mark,
  });
}

function addUnsent(items: Item[], add: Add, item: OutboxItem): void {
  join(items, add, true, undefined, {
    key: item.clientId,
    text: item.text,
    at: item.at,
    mark: unsentMark(item),
  });
}

/** Adds to the last group if it is the same author's, of about now. */
function join(
  items: Item[],
  add: Add,
  own: boolean,
  name: string | undefined,
  bubble: Bubble,
): void {
  const last = items.at(-1);
  const before = last?.kind === "group" ? last.bubbles.at(-1) : undefined;

  if (
    last?.kind === "group" &&
    before &&
    last.own === own &&
    (own || last.name === name) &&
    bubble.at - before.at < APART &&
    sameDay(before.at, bubble.at)
  ) {
    last.bubbles.push(bubble);
    return;
  }

  add(
    { kind: "group", key: `g${bubble.key}`, own, name, bubbles: [bubble] },
    bubble.at,
  );
}

function noticeOf(event: LoggedEvent): Item | undefined {
  const key = `n${event.id}`;

  if (event.type === "assigned") {
    const name = event.data.operator?.name;
    return name ? { kind: "joined", key, name } : { kind: "queued", key };
  }

  return event.type === "state" && event.data.state === "closed"
    ? { kind: "ended", key }
    : undefined;
}

function ownMark(state: ChatState, event: MessageEvent): Mark {
  const { conversation } = state;
  const read =
    conversation?.id === event.conversation &&
    event.id <= conversation.operator_read;

  return read ? "read" : "sent";
}

function unsentMark(item: OutboxItem): Mark {
  if (item.state === "failed") {
    return item.problem === "urn:ngx-chat:braked" ? "held" : "failed";
  }

  return item.tries > 0 ? "waiting" : "sending";
}
