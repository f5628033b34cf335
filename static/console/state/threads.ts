// The events of the conversations that were looked at, and what visitors type
// at this moment.

import { type Signal, signal } from "@preact/signals";
import type {
  ChatEvent,
  LoggedEvent,
  TypingEvent,
} from "../../shared/types.ts";
import { api } from "./api.ts";
import { mergeEvents } from "./lines.ts";

const PAGE = 50;
const TYPING_MS = 6000;

export type ThreadState = "loading" | "ready" | "failed" | "missing";

export class Thread {
  readonly events: Signal<readonly LoggedEvent[]> = signal([]);
  readonly state: Signal<ThreadState> = signal("loading");
  readonly more = signal(false);
  readonly loadingOlder = signal(false);
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }

  async load(): Promise<void> {
    this.state.value = "loading";
    try {
      const page = await api.events(this.id, { limit: PAGE });
      this.add(page.events);
      this.more.value = page.more;
      this.state.value = "ready";
    } catch (error) {
      const status = (error as { status?: unknown }).status;
      this.state.value = status === 404 ? "missing" : "failed";
    }
  }

  async older(): Promise<void> {
    const first = this.events.value[0];
    if (this.loadingOlder.value || !this.more.value || !first) {
      return;
    }
    this.loadingOlder.value = true;
    try {
      const page = await api.events(this.id, { before: first.id, limit: PAGE });
      this.add(page.events);
      this.more.value = page.more;
    } catch {
      // The reader scrolls again, or presses the button again.
    } finally {
      this.loadingOlder.value = false;
    }
  }

  add(events: readonly LoggedEvent[]): void {
    this.events.value = mergeEvents(this.events.value, events);
  }

  /** Messages of the visitor after a mark; null when the mark lies above. */
  unreadAfter(mark: number): number | null {
    const events = this.events.value;
    const first = events[0];
    if (!first || (this.more.value && first.id > mark)) {
      return null;
    }
    return events.filter(
      (event) =>
        event.id > mark &&
        event.type === "message" &&
        event.author.kind === "visitor",
    ).length;
  }
}

const threads = new Map<number, Thread>();

export function threadOf(id: number): Thread {
  let thread = threads.get(id);
  if (!thread) {
    thread = new Thread(id);
    threads.set(id, thread);
    void thread.load();
  }
  return thread;
}

export function countUnread(id: number, mark: number): number | null {
  return threads.get(id)?.unreadAfter(mark) ?? null;
}

export interface Typing {
  readonly author: TypingEvent["author"];
  readonly text: string;
  readonly until: number;
}

export const typing = signal<ReadonlyMap<number, Typing>>(new Map());

function setTyping(id: number, value: Typing | null): void {
  const next = new Map(typing.value);
  if (value) {
    next.set(id, value);
  } else if (!next.delete(id)) {
    return;
  }
  typing.value = next;
}

function takeTyping(event: TypingEvent, now: number): void {
  const { conversation, author, data } = event;
  if (!data.typing) {
    setTyping(conversation, null);
    return;
  }
  const until = now + TYPING_MS;
  setTyping(conversation, { author, text: data.text ?? "", until });
  setTimeout(() => {
    if ((typing.value.get(conversation)?.until ?? 0) <= until) {
      setTyping(conversation, null);
    }
  }, TYPING_MS);
}

export function takeThreadEvent(event: ChatEvent): void {
  if (event.type === "typing") {
    takeTyping(event, Date.now());
  } else if (event.id !== undefined) {
    threads.get(event.conversation)?.add([event]);
    const now = typing.value.get(event.conversation);
    if (event.type === "message" && now?.author.kind === event.author.kind) {
      setTyping(event.conversation, null);
    }
  }
}
