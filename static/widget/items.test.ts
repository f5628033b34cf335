import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChatState, fromSession } from "../loader/model.ts";
import { NO_TEXTS, PLAIN } from "../shared/look.ts";
import type { OutboxItem } from "../shared/outbox.ts";
import type { LoggedEvent } from "../shared/types.ts";
import { buildItems } from "./items.ts";

const NOON = new Date(2026, 4, 5, 12).getTime();
const MINUTE = 60_000;

function say(id: number, who: string, minute: number): LoggedEvent {
  return {
    id,
    type: "message",
    conversation: 1,
    at: NOON + minute * MINUTE,
    author:
      who === "me" ? { kind: "visitor" } : { kind: "operator", name: who },
    data: { text: `m${id}`, client_id: `c${id}` },
  };
}

function state(events: LoggedEvent[], operatorRead = 0): ChatState {
  return fromSession({
    conversation: {
      id: 1,
      state: "active",
      operator: null,
      opened_at: 0,
      closed_at: null,
      unread: 0,
      visitor_read: 0,
      operator_read: operatorRead,
      last_event: 0,
    },
    events,
    more: false,
    cursor: 0,
    available: true,
    texts: NO_TEXTS,
    brand: PLAIN,
    limits: { text: 4000 },
  });
}

/** "day me:m1,m2 Léa:m3" */
function outline(events: LoggedEvent[], unsent: OutboxItem[] = []): string {
  return buildItems(state(events), unsent)
    .map((item) =>
      item.kind === "group"
        ? `${item.own ? "me" : item.name}:${item.bubbles.map((b) => b.text)}`
        : item.kind,
    )
    .join(" ");
}

const unsent = (
  text: string,
  change: Partial<OutboxItem> = {},
): OutboxItem => ({
  clientId: text,
  lane: "",
  text,
  at: NOON,
  state: "queued",
  tries: 0,
  ...change,
});

test("bubbles of one author that are close are one group", () => {
  assert.equal(
    outline([
      say(1, "me", 0),
      say(2, "me", 1),
      say(3, "Léa", 2),
      say(4, "Ada", 3),
      say(5, "Ada", 30),
    ]),
    "day me:m1,m2 Léa:m3 Ada:m4 Ada:m5",
  );
});

test("each day has its line", () => {
  assert.equal(
    outline([say(1, "me", -720), say(2, "me", -721 + 1440)]),
    "day me:m1 me:m2",
  );
  assert.equal(
    outline([say(1, "me", 719), say(2, "me", 721)]),
    "day me:m1 day me:m2",
  );
});

test("the end is told once, and what went before it is not", () => {
  const meta = {
    conversation: 1,
    at: NOON,
    author: { kind: "system" } as const,
  };

  assert.equal(
    outline([
      { ...meta, id: 1, type: "state", data: { state: "waiting" } },
      say(2, "me", 0),
      { ...meta, id: 3, type: "state", data: { state: "closed" } },
      { ...meta, id: 4, type: "state", data: { state: "closed" } },
    ]),
    "day me:m2 ended",
  );
});

test("what is not sent yet stands at the end, in its group", () => {
  assert.equal(outline([say(1, "me", 0)], [unsent("x")]), "day me:m1,x");
});

test("marks", () => {
  const marks = (s: ChatState, out: OutboxItem[] = []) =>
    buildItems(s, out).flatMap((item) =>
      item.kind === "group" ? item.bubbles.map((bubble) => bubble.mark) : [],
    );
  const events = [say(1, "me", 0), say(2, "me", 0)];

  assert.deepEqual(marks(state(events)), [undefined, "sent"]);
  assert.deepEqual(marks(state(events, 2)), [undefined, "read"]);
  assert.deepEqual(
    marks(state([]), [
      unsent("a"),
      unsent("b", { tries: 1 }),
      unsent("c", { state: "failed" }),
    ]),
    ["sending", "waiting", "failed"],
  );
});
