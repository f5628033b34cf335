// What the visitor's side knows, and what each event makes of it. Pure.

import type {
  ChatEvent,
  LoggedEvent,
  MessageEvent,
  VisitorConversation,
  VisitorSession,
} from "../shared/types.ts";

export interface ChatState
  extends Omit<VisitorSession, "token" | "cursor" | "conversation"> {
  conversation: VisitorConversation | null;
  /** Operators' messages that the visitor has not seen. */
  unread: number;
  /** Who types, and when that was last said. */
  typing: { name: string; at: number } | undefined;
}

export function fromSession(session: VisitorSession): ChatState {
  const { conversation, events, more, available, texts, brand, form, limits } =
    session;

  return {
    conversation,
    events,
    more,
    available,
    texts,
    brand,
    form,
    limits,
    unread: conversation?.unread ?? 0,
    typing: undefined,
  };
}

export function apply(
  state: ChatState,
  event: ChatEvent,
  now: number,
): ChatState {
  switch (event.type) {
    case "message":
    case "state":
    case "assigned":
      return isKnown(state.events, event) ? state : addEvent(state, event);

    case "typing":
      return event.author.kind === "operator"
        ? {
            ...state,
            typing: event.data.typing
              ? { name: event.author.name ?? "", at: now }
              : undefined,
          }
        : state;

    case "read":
      return event.author.kind === "operator"
        ? operatorRead(state, event.data.up_to)
        : visitorRead(state, event.data.up_to);

    case "availability":
      return { ...state, available: event.data.available };

    default:
      return state;
  }
}

/** An answer of the server's own says more than the events before it. */
export function withConversation(
  state: ChatState,
  conversation: VisitorConversation,
): ChatState {
  const old = state.conversation;

  return old && old.id > conversation.id ? state : { ...state, conversation };
}

export function withOlder(
  state: ChatState,
  events: LoggedEvent[],
  more: boolean,
): ChatState {
  const first = state.events[0]?.id ?? Number.POSITIVE_INFINITY;
  const older = events.filter((event) => event.id < first);

  return { ...state, events: [...older, ...state.events], more };
}

export function visitorRead(state: ChatState, upTo: number): ChatState {
  const { conversation, events } = state;

  if (!conversation || upTo <= conversation.visitor_read) {
    return state;
  }

  return {
    ...state,
    conversation: { ...conversation, visitor_read: upTo },
    unread: events.filter((event) => isIncoming(event) && event.id > upTo)
      .length,
  };
}

export function findLast<E extends LoggedEvent>(
  events: readonly LoggedEvent[],
  test: (event: LoggedEvent) => event is E,
): E | undefined {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i];

    if (event && test(event)) {
      return event;
    }
  }

  return undefined;
}

export function isOwn(event: LoggedEvent): event is MessageEvent {
  return event.type === "message" && event.author.kind === "visitor";
}

export function isIncoming(event: LoggedEvent): event is MessageEvent {
  return event.type === "message" && event.author.kind !== "visitor";
}

function operatorRead(state: ChatState, upTo: number): ChatState {
  const { conversation } = state;

  return conversation && upTo > conversation.operator_read
    ? { ...state, conversation: { ...conversation, operator_read: upTo } }
    : state;
}

function isClosing(event: LoggedEvent): boolean {
  return event.type === "state" && event.data.state === "closed";
}

function isKnown(events: LoggedEvent[], event: LoggedEvent): boolean {
  return events.some((known) => known.id === event.id);
}

/** The answer to a message may come before the events that precede it. */
function addEvent(state: ChatState, event: LoggedEvent): ChatState {
  const events = [...state.events, event].sort((a, b) => a.id - b.id);
  const incoming = isIncoming(event);

  return {
    ...state,
    events,
    conversation: advance(state.conversation, event),
    unread:
      incoming && event.id > (state.conversation?.visitor_read ?? 0)
        ? state.unread + 1
        : state.unread,
    // what was typed has come, or will not
    typing: incoming || isClosing(event) ? undefined : state.typing,
  };
}

function advance(
  old: VisitorConversation | null,
  event: LoggedEvent,
): VisitorConversation {
  if (old && event.conversation < old.id) {
    return old;
  }

  const conversation =
    old?.id === event.conversation ? { ...old } : opened(event);

  conversation.last_event = Math.max(conversation.last_event, event.id);

  if (event.type === "state") {
    conversation.state = event.data.state;
    conversation.closed_at = event.data.state === "closed" ? event.at : null;
  } else if (event.type === "assigned") {
    conversation.operator = event.data.operator;
  }

  return conversation;
}

/** Another tab opened it. */
function opened(event: LoggedEvent): VisitorConversation {
  return {
    id: event.conversation,
    state: "waiting",
    operator: null,
    opened_at: event.at,
    closed_at: null,
    unread: 0,
    visitor_read: 0,
    operator_read: 0,
    last_event: event.id,
  };
}
