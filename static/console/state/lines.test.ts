import assert from "node:assert/strict";
import { test } from "node:test";
import type { Author, LoggedEvent } from "../../shared/types.ts";
import { type Line, linesOf, mergeEvents, type Pending } from "./lines.ts";

const NOON = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;

const visitor: Author = { kind: "visitor", id: 1 };
const ada: Author = { kind: "operator", id: 1, name: "Ada" };
const lea: Author = { kind: "operator", id: 2, name: "Léa" };

function said(id: number, author: Author, at = NOON): LoggedEvent {
  const data = { text: `text ${id}`, client_id: `client-${id}` };
  return { id, type: "message", conversation: 1, at, author, data };
}

function pending(clientId: string, failed = false): Pending {
  const text = "pending";
  return { clientId, text, at: NOON, failed, delayed: false, problem: null };
}

/** day, unread and system by name, groups by the keys of their bubbles */
function shape(lines: readonly Line[]): string[] {
  return lines.map((line) =>
    line.kind === "group"
      ? line.bubbles.map(({ key }) => key).join("+")
      : line.kind,
  );
}

test("who goes on within three minutes goes on in the same group", () => {
  const events = [
    said(1, visitor),
    said(2, visitor, NOON + 2 * MINUTE),
    said(3, visitor, NOON + 6 * MINUTE),
    said(4, ada, NOON + 6 * MINUTE),
    said(5, lea, NOON + 6 * MINUTE),
  ];
  assert.deepEqual(shape(linesOf(events, [], ada, null)), [
    "day",
    "client-1+client-2",
    "client-3",
    "client-4",
    "client-5",
  ]);
});

test("a visitor and an operator with the same number are two people", () => {
  const lines = linesOf([said(1, visitor), said(2, ada)], [], ada, null);
  assert.deepEqual(shape(lines), ["day", "client-1", "client-2"]);
});

test("a new day gets its line, in the middle of a group, too", () => {
  const midnight = new Date(2026, 10, 22).getTime();
  const events = [
    said(1, visitor, midnight - MINUTE),
    said(2, visitor, midnight + MINUTE),
  ];
  assert.deepEqual(shape(linesOf(events, [], ada, null)), [
    "day",
    "client-1",
    "day",
    "client-2",
  ]);
});

test("the new line stands above the first unread message", () => {
  const events = [said(1, visitor), said(2, visitor)];
  assert.deepEqual(shape(linesOf(events, [], ada, 2)), [
    "day",
    "client-1",
    "unread",
    "client-2",
  ]);
});

test("being active is said once, by the assignment", () => {
  const base = { conversation: 1, at: NOON, author: ada } as const;
  const operator = { id: 1, name: "Ada" };
  const events: LoggedEvent[] = [
    { ...base, id: 1, type: "state", data: { state: "waiting" } },
    { ...base, id: 2, type: "assigned", data: { operator } },
    { ...base, id: 3, type: "state", data: { state: "active" } },
  ];
  assert.deepEqual(shape(linesOf(events, [], ada, null)), [
    "day",
    "system",
    "system",
  ]);
});

test("what is delivered is not pending any more, with the same key", () => {
  const items = [pending("client-2"), pending("client-3", true)];
  const before = linesOf([said(1, visitor)], items, ada, null);
  const later = linesOf([said(1, visitor), said(2, ada)], items, ada, null);
  assert.deepEqual(shape(before), ["day", "client-1", "client-2+client-3"]);
  assert.deepEqual(shape(later), shape(before));
});

test("events meet in any order, each once", () => {
  const old = [said(3, visitor), said(4, visitor)];
  const merged = mergeEvents(old, [said(1, visitor), said(4, visitor)]);
  assert.deepEqual(
    merged.map(({ id }) => id),
    [1, 3, 4],
  );
  assert.equal(mergeEvents(old, [said(3, visitor)]), old, "no news, no change");
});
