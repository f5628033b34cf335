// What is known of conversations, as pure functions: pages from the API and
// events from the stream meet here in any order, and the newer one wins.

import type {
  ChatEvent,
  Conversation,
  LoggedEvent,
} from "../../shared/types.ts";
import type { Filter } from "./prefs.ts";

export type Book = ReadonlyMap<number, Conversation>;

/** How many messages of the visitor follow a mark; null when unknown. */
export type CountUnread = (conversation: number, mark: number) => number | null;

const SNIPPET = 200;

function newer(old: Conversation, fresh: Conversation): Conversation {
  if (old.last_event > fresh.last_event) {
    return old;
  }
  if (
    old.last_event === fresh.last_event &&
    old.operator_read > fresh.operator_read
  ) {
    return old;
  }
  return {
    ...fresh,
    visitor_read: Math.max(old.visitor_read, fresh.visitor_read),
  };
}

export function put(book: Book, list: readonly Conversation[]): Book {
  if (list.length === 0) {
    return book;
  }
  const next = new Map(book);
  for (const fresh of list) {
    const old = next.get(fresh.id);
    next.set(fresh.id, old ? newer(old, fresh) : fresh);
  }
  return next;
}

function withMessage(
  old: Conversation,
  event: Extract<LoggedEvent, { type: "message" }>,
): Conversation {
  const { author, data, at, id } = event;
  const fromVisitor = author.kind === "visitor";
  const unread = fromVisitor && id > old.operator_read ? 1 : 0;
  return {
    ...old,
    unread: old.unread + unread,
    last_message: {
      text: Array.from(data.text).slice(0, SNIPPET).join(""),
      at,
      author: author.kind,
    },
  };
}

function withLogged(old: Conversation, event: LoggedEvent): Conversation {
  if (event.id <= old.last_event) {
    return old;
  }
  const moved = { ...old, last_event: event.id, updated_at: event.at };
  switch (event.type) {
    case "message":
      return withMessage(moved, event);
    case "assigned":
      return { ...moved, operator: event.data.operator };
    case "state":
      return {
        ...moved,
        state: event.data.state,
        closed_at: event.data.state === "closed" ? event.at : null,
      };
  }
}

function withRead(
  old: Conversation,
  event: Extract<ChatEvent, { type: "read" }>,
  count: CountUnread,
): Conversation {
  const mark = event.data.up_to;
  if (event.author.kind === "visitor") {
    return { ...old, visitor_read: Math.max(old.visitor_read, mark) };
  }
  if (mark <= old.operator_read) {
    return old;
  }
  const unread = mark >= old.last_event ? 0 : count(old.id, mark);
  return { ...old, operator_read: mark, unread: unread ?? old.unread };
}

/** Null when the event speaks of a conversation that is not known yet. */
export function apply(
  book: Book,
  event: ChatEvent,
  count: CountUnread = () => null,
): Book | null {
  if (
    event.type === "presence" ||
    event.type === "availability" ||
    event.type === "visits" ||
    event.type === "invitation"
  ) {
    return book;
  }
  const old = book.get(event.conversation);
  if (!old) {
    return event.type === "typing" ? book : null;
  }
  const fresh =
    event.type === "read"
      ? withRead(old, event, count)
      : event.type === "typing"
        ? old
        : withLogged(old, event);
  return fresh === old ? book : new Map(book).set(old.id, fresh);
}

function belongs(
  conversation: Conversation,
  filter: Filter,
  me: number,
): boolean {
  switch (filter) {
    case "waiting":
      return conversation.state === "waiting";
    case "mine":
      return (
        conversation.state !== "closed" && conversation.operator?.id === me
      );
    case "open":
      return conversation.state !== "closed";
    case "closed":
      return conversation.state === "closed";
  }
}

/**
 * Latest activity first, as the server lists them; but who waits longest is
 * served first.
 */
export function listed(book: Book, filter: Filter, me: number): Conversation[] {
  return [...book.values()]
    .filter((conversation) => belongs(conversation, filter, me))
    .sort((a, b) =>
      filter === "waiting" ? a.id - b.id : b.last_event - a.last_event,
    );
}

export interface Counts {
  readonly waiting: number;
  readonly mine: number;
  readonly open: number;
  /** what calls for this operator: waiting ones and unread of one's own */
  readonly attention: number;
}

export function countsOf(book: Book, me: number): Counts {
  let [waiting, mine, open, attention] = [0, 0, 0, 0];
  for (const conversation of book.values()) {
    if (conversation.state === "closed") {
      continue;
    }
    open += 1;
    const isMine = conversation.operator?.id === me;
    mine += isMine ? 1 : 0;
    waiting += conversation.state === "waiting" ? 1 : 0;
    if (conversation.state === "waiting" || (isMine && conversation.unread)) {
      attention += 1;
    }
  }
  return { waiting, mine, open, attention };
}
