// The stream of events and what each of them touches. One of the browser's
// tabs holds it; all of them get every event.

import { effect, signal, untracked } from "@preact/signals";
import { type Feed, openFeed } from "../../shared/feed.ts";
import { OPERATOR_EVENTS } from "../../shared/operator-api.ts";
import type { StreamState } from "../../shared/stream.ts";
import type { ChatEvent } from "../../shared/types.ts";
import { client } from "./api.ts";
import { loadOpen, takeEvent } from "./conversations.ts";
import { openDrafts } from "./drafts.ts";
import { firstCursor, session } from "./session.ts";
import { loadColleagues, takePresence } from "./team.ts";
import { countUnread, takeThreadEvent } from "./threads.ts";
import { reloadVisits, takeVisits } from "./visits.ts";

export const streamState = signal<StreamState>("connecting");

/** What the browser knows of its network; a stream takes longer to notice. */
export const online = signal(navigator.onLine);

let feed: Feed | null = null;
let cursor = 0;
const listeners: ((event: ChatEvent) => void)[] = [];

/** Whether this tab speaks for the browser: notifications, sounds. */
export function leads(): boolean {
  return feed?.leads ?? false;
}

export function onEvent(listener: (event: ChatEvent) => void): void {
  listeners.push(listener);
}

function take(event: ChatEvent): void {
  if (event.type === "presence") {
    takePresence(event);
    return;
  }
  if (event.type === "visits") {
    takeVisits(event);
    return;
  }
  takeThreadEvent(event);
  takeEvent(event, countUnread);
  for (const listener of listeners) {
    listener(event);
  }
}

function setState(state: StreamState): void {
  const before = streamState.value;
  streamState.value = state;
  if (state === "open" && before !== "open") {
    // The stream replays what has an id; presence has none.
    void loadColleagues();
    reloadVisits();
  }
}

function open(operator: number): void {
  feed = openFeed({
    name: `chat-console:${location.pathname}:${operator}`,
    client,
    path: OPERATOR_EVENTS,
    // After an expired session, the old cursor brings what was missed.
    cursor: cursor || firstCursor,
    onEvent: take,
    onState: setState,
  });
}

function close(): void {
  cursor = feed?.cursor ?? cursor;
  feed?.close();
  feed = null;
}

export function startLive(): void {
  for (const type of ["online", "offline"]) {
    addEventListener(type, () => {
      online.value = navigator.onLine;
    });
  }
  let running = false;
  effect(() => {
    const now = session.value;
    const wanted = now.phase === "in";
    if (wanted === running) {
      return;
    }
    running = wanted;
    if (now.phase === "in") {
      const { id } = now.operator;
      untracked(() => {
        openDrafts(id);
        open(id);
        void loadOpen();
      });
    } else {
      untracked(close);
    }
  });
}
