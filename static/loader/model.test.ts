import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_TEXTS, PLAIN } from "../shared/look.ts";
import type {
  ChatEvent,
  LoggedEvent,
  VisitorConversation,
} from "../shared/types.ts";
import { apply, type ChatState, fromSession, visitorRead } from "./model.ts";

const CONVERSATION: VisitorConversation = {
  id: 1,
  state: "waiting",
  operator: null,
  opened_at: 0,
  closed_at: null,
  unread: 0,
  visitor_read: 0,
  operator_read: 0,
  last_event: 10,
};

const OPERATOR = { kind: "operator", id: 3, name: "Léa" } as const;

function start(): ChatState {
  return fromSession({
    conversation: CONVERSATION,
    events: [],
    more: false,
    cursor: 10,
    available: false,
    texts: NO_TEXTS,
    brand: PLAIN,
    limits: { text: 4000 },
  });
}

function message(id: number, own = false, conversation = 1): LoggedEvent {
  return {
    id,
    type: "message",
    conversation,
    at: id,
    author: own ? { kind: "visitor" } : OPERATOR,
    data: { text: `m${id}`, client_id: `c${id}` },
  };
}

function after(...events: ChatEvent[]): ChatState {
  return events.reduce((state, event) => apply(state, event, 0), start());
}

test("events are kept once, by their ids", () => {
  const state = after(message(12, true), message(11), message(12, true));
  assert.deepEqual(
    state.events.map((event) => event.id),
    [11, 12],
  );
});

test("operators' messages are unread until they are read", () => {
  const state = after(message(11), message(12, true), message(13));

  assert.equal(state.unread, 2);
  assert.equal(visitorRead(state, 11).unread, 1);
  assert.equal(visitorRead(state, 13).unread, 0);
  assert.equal(apply(visitorRead(state, 13), message(13), 0).unread, 0);
});

test("states and assignments change the conversation", () => {
  const meta = { conversation: 1, at: 5, author: OPERATOR };
  const operator = { id: 3, name: "Léa" };
  const active = after(
    { ...meta, id: 11, type: "assigned", data: { operator } },
    { ...meta, id: 12, type: "state", data: { state: "active" } },
  );

  assert.deepEqual(active.conversation?.operator, operator);
  assert.equal(active.conversation?.state, "active");

  const closed = apply(
    active,
    { ...meta, id: 13, type: "state", data: { state: "closed" } },
    0,
  );
  assert.equal(closed.conversation?.closed_at, 5);
});

test("a newer conversation takes over, an older one does not", () => {
  const state = after(message(20, true, 2), message(21, false, 1));
  assert.equal(state.conversation?.id, 2);
});

test("typing ends with the message", () => {
  const typing: ChatEvent = {
    type: "typing",
    conversation: 1,
    at: 0,
    author: OPERATOR,
    data: { typing: true },
  };

  assert.equal(after(typing).typing?.name, "Léa");
  assert.equal(after(typing, message(11)).typing, undefined);
});

test("marks only move on", () => {
  const read = (upTo: number): ChatEvent => ({
    type: "read",
    conversation: 1,
    at: 0,
    author: OPERATOR,
    data: { up_to: upTo },
  });

  assert.equal(after(read(12), read(11)).conversation?.operator_read, 12);
});
