import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatEvent, Conversation } from "../../shared/types.ts";
import { apply, type Book, countsOf, listed, put } from "./book.ts";

const ME = 1;

function conversation(id: number, change: Partial<Conversation> = {}) {
  return {
    id,
    state: "waiting",
    visitor: { id, name: null, email: null, facts: [], user: null, form: [] },
    operator: null,
    opened_at: 1000,
    closed_at: null,
    updated_at: 1000,
    unread: 0,
    visitor_read: 0,
    operator_read: 0,
    last_event: id * 10,
    last_message: null,
    proactive: false,
    invitation: null,
    page: null,
    locale: null,
    ...change,
  } satisfies Conversation;
}

function message(
  id: number,
  conversation: number,
  kind: "visitor" | "operator" = "visitor",
): ChatEvent {
  const author = { kind, id: ME };
  const data = { text: `text ${id}`, client_id: `client-${id}` };
  return { id, type: "message", conversation, at: 2000 + id, author, data };
}

function read(
  conversation: number,
  up_to: number,
  kind: "visitor" | "operator" = "operator",
): ChatEvent {
  const author = { kind, id: ME };
  return { type: "read", conversation, at: 3000, author, data: { up_to } };
}

function bookOf(...list: Conversation[]): Book {
  return put(new Map(), list);
}

function after(book: Book, ...events: ChatEvent[]): Book {
  return events.reduce((now, event) => apply(now, event) ?? now, book);
}

test("a visitor's message counts once, however often it comes", () => {
  const book = after(
    bookOf(conversation(1)),
    message(11, 1),
    message(11, 1),
    message(12, 1),
  );
  const one = book.get(1);
  assert.equal(one?.unread, 2);
  assert.equal(one?.last_event, 12);
  assert.equal(one?.last_message?.text, "text 12");
});

test("a page that is older than the stream changes nothing", () => {
  const live = after(bookOf(conversation(1)), message(11, 1));
  const book = put(live, [conversation(1, { last_event: 10, unread: 0 })]);
  assert.equal(book.get(1)?.unread, 1);
});

test("a page that is newer than the stream wins, and events before it", () => {
  const page = conversation(1, { last_event: 15, unread: 3 });
  const book = after(put(bookOf(conversation(1)), [page]), message(12, 1));
  assert.equal(book.get(1)?.unread, 3);
});

test("a page of the same event does not take a reading back", () => {
  const seen = after(bookOf(conversation(1, { unread: 2 })), read(1, 10));
  const book = put(seen, [conversation(1, { unread: 2 })]);
  assert.equal(book.get(1)?.unread, 0);
});

test("the team's reading clears, a part of it counts the rest", () => {
  const start = bookOf(conversation(1, { unread: 3 }));
  assert.equal(after(start, read(1, 10)).get(1)?.unread, 0);
  const part = apply(start, read(1, 8), () => 2);
  assert.equal(part?.get(1)?.unread, 2);
  const unknown = apply(start, read(1, 8), () => null);
  assert.equal(unknown?.get(1)?.unread, 3, "until the server says");
});

test("the visitor's reading is a mark of its own and only grows", () => {
  const start = bookOf(conversation(1, { unread: 2 }));
  const book = after(start, read(1, 9, "visitor"), read(1, 4, "visitor"));
  assert.equal(book.get(1)?.visitor_read, 9);
  assert.equal(book.get(1)?.unread, 2);
});

test("an event of an unknown conversation asks for it; typing does not", () => {
  const book = bookOf();
  assert.equal(apply(book, message(5, 7)), null);
  const typing: ChatEvent = {
    type: "typing",
    conversation: 7,
    at: 1,
    author: { kind: "visitor", id: 1 },
    data: { typing: true },
  };
  assert.equal(apply(book, typing), book);
});

test("states and assignments move a conversation between the lists", () => {
  const author = { kind: "operator", id: ME, name: "Ada" } as const;
  const operator = { id: ME, name: "Ada" };
  const base = { conversation: 1, at: 5000, author } as const;
  const taken = after(
    bookOf(conversation(1), conversation(2)),
    { ...base, id: 31, type: "assigned", data: { operator } },
    { ...base, id: 32, type: "state", data: { state: "active" } },
  );
  const ids = (book: Book, filter: Parameters<typeof listed>[1]) =>
    listed(book, filter, ME).map(({ id }) => id);
  assert.deepEqual(ids(taken, "mine"), [1]);
  assert.deepEqual(ids(taken, "waiting"), [2]);
  assert.deepEqual(ids(taken, "open"), [1, 2]);

  const ended = after(taken, {
    ...base,
    id: 33,
    type: "state",
    data: { state: "closed" },
  });
  assert.deepEqual(ids(ended, "mine"), []);
  assert.deepEqual(ids(ended, "closed"), [1]);
  assert.equal(ended.get(1)?.closed_at, 5000);
});

test("who waits longest stands on top, else what moved last", () => {
  const book = bookOf(
    conversation(1, { last_event: 90 }),
    conversation(2, { last_event: 20 }),
    conversation(3, { last_event: 50 }),
  );
  const ids = (filter: "waiting" | "open") =>
    listed(book, filter, ME).map(({ id }) => id);
  assert.deepEqual(ids("waiting"), [1, 2, 3]);
  assert.deepEqual(ids("open"), [1, 3, 2]);
});

test("waiting ones and one's own unread call, colleagues' don't", () => {
  const mine = { state: "active", operator: { id: ME, name: "Ada" } } as const;
  const theirs = { state: "active", operator: { id: 2, name: "Léa" } } as const;
  const counts = countsOf(
    bookOf(
      conversation(1),
      conversation(2, { ...mine, unread: 1 }),
      conversation(3, mine),
      conversation(4, { ...theirs, unread: 5 }),
      conversation(5, { state: "closed", unread: 1 }),
    ),
    ME,
  );
  assert.deepEqual(counts, { waiting: 1, mine: 2, open: 4, attention: 2 });
});
