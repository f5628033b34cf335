// The visitor's session and its events: what the badge and the panel show.

import { createClient, isProblem, type Problem } from "../shared/api.ts";
import { type Feed, openFeed } from "../shared/feed.ts";
import { NO_TEXTS, PLAIN } from "../shared/look.ts";
import type { StreamState } from "../shared/stream.ts";
import type {
  ChatEvent,
  LoggedEvent,
  MessageEvent,
  VisitorConversation,
} from "../shared/types.ts";
import { VISITOR_EVENTS, visitorApi } from "../shared/visitor-api.ts";
import type { Config } from "./config.ts";
import type { Said } from "./invite.ts";
import type { Memory } from "./memory.ts";
import {
  apply,
  type ChatState,
  fromSession,
  isIncoming,
  visitorRead,
  withConversation,
  withOlder,
} from "./model.ts";

export { showInTitle } from "./title.ts";

export class Live {
  /** Undefined until the session is open. */
  state: ChatState | undefined;
  link: StreamState = "connecting";
  /** The visitor is blocked, and may know. */
  refused = false;
  /** Each message that is new here, of whomever. */
  onMessage: ((event: MessageEvent) => void) | undefined;
  onInvited: ((said: Said) => void) | undefined;

  readonly api;
  readonly memory: Memory;
  readonly #config: Pick<Config, "base" | "locale">;
  readonly #client;
  readonly #key: string;
  readonly #after: Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  #feed: Feed | undefined;
  #cursor = 0;
  /** While there is no session, of those that came since. */
  #unread = 0;
  #since = 0;
  #openedAt = 0;
  #stopped = false;
  #greeting: string | undefined;
  #opening: Promise<void> | undefined;

  /** `after`: another identity is being given up until then. */
  constructor(
    config: Pick<Config, "base" | "locale">,
    memory: Memory,
    after: Promise<unknown> = Promise.resolve(),
  ) {
    this.#config = config;
    this.#after = after;
    this.memory = memory;
    this.#key = `chat:${config.base}:seen`;
    this.#client = createClient({
      base: `${config.base}api/v1`,
      token: () => memory.token,
    });
    this.api = visitorApi(this.#client);
    memory.onChange(() => {
      if (this.state || this.#feed) {
        void this.open().catch(() => undefined);
      }
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the stream; nobody is told of anything any more. */
  stop(): void {
    this.#listeners.clear();
    this.onMessage = undefined;
    this.onInvited = undefined;
    this.#unfollow();
    keep(this.#key);
    this.state = undefined;
    this.#stopped = true;
  }

  get unread(): number {
    return this.state?.unread ?? this.#unread;
  }

  /** Follows events from where this browser was, and asks for nothing else. */
  #resume([cursor, unread]: Seen): void {
    this.#cursor = cursor;
    this.#unread = unread;
    this.#follow();
    this.#changed();
  }

  /**
   * Opens the session, once, and follows its events. `since`: only how many
   * messages there are is wanted, which this browser may know without; the page
   * is as old as this, in seconds.
   */
  async start(since?: number): Promise<void> {
    const seen =
      since && !this.#opening && !this.memory.wasOpen && recall(this.#key);

    if (this.state && !this.refused) {
      this.#follow();
    } else if (seen) {
      this.#since = (since + 1) * 1000;
      this.#resume(seen);
    } else {
      await this.open();
    }
  }

  /** Opens the session, or opens it anew. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
      .catch((error) => this.#blame(error))
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }

  /** Ends the stream of a visitor who only looked. */
  rest(): void {
    if (!this.memory.known) {
      this.#unfollow();
    }
  }

  /** Does something that needs the session, which may have to be renewed. */
  async withSession<T>(action: () => Promise<T>): Promise<T> {
    await this.start();

    try {
      return await action();
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) {
        this.#blame(error);
      }

      await this.open();
      return action();
    }
  }

  /** What the visitor was invited with stands where the chat begins. */
  greet(text: string): void {
    this.#greeting = text;

    if (this.state) {
      this.#welcome();
    }
  }

  #welcome(): void {
    const welcome = this.#greeting;

    if (welcome) {
      this.#set((s) => ({ ...s, texts: { ...s.texts, welcome } }));
    }
  }

  took(event: LoggedEvent, conversation: VisitorConversation): void {
    this.#take(event);
    this.setConversation(conversation);
  }

  setConversation(conversation: VisitorConversation): void {
    this.#set((state) => withConversation(state, conversation));
  }

  addOlder(events: LoggedEvent[], more: boolean): void {
    this.#set((state) => withOlder(state, events, more));
  }

  /** Read here: in all tabs, and at the server as soon as it can be told. */
  markRead(upTo: number): void {
    this.#set((state) => visitorRead(state, upTo));
    this.#feed?.tell(upTo);
  }

  async #open(): Promise<void> {
    await this.#after.catch(() => undefined);

    const session = await this.api.session(this.#config.locale);

    if (this.#stopped) {
      return;
    }

    if (session.token) {
      this.memory.token = session.token;
    }

    this.#unfollow();
    this.#openedAt = Date.now();
    this.#cursor = session.cursor;
    this.refused = false;
    this.#set(() => fromSession(session));
    this.#welcome();
    this.#follow();
    this.#keep();
  }

  /** For the next page, which need not ask then. */
  #keep(): void {
    if (this.#feed && this.memory.known) {
      keep(this.#key, [this.#feed.cursor, this.unread]);
    }
  }

  #follow(): void {
    const { base } = this.#config;

    this.#feed ??= openFeed({
      // tabs share a stream only when they share the identity
      name: `chat:${base}:${this.memory.token?.slice(-12) ?? ""}`,
      client: this.#client,
      path: VISITOR_EVENTS,
      cursor: this.#cursor,
      onEvent: (event) => this.#take(event),
      onState: (link) => {
        this.link = link;
        this.#changed();
      },
      onRefused: (problem) => this.#refused(problem),
      onNote: (upTo) => this.#seen(Number(upTo)),
    });
  }

  /** The same message may come by the stream and in an answer. */
  #take(event: ChatEvent): void {
    const count = this.state?.events.length;

    if (this.state) {
      this.#set((state) => apply(state, event, Date.now()));
    } else {
      this.#missed(event);
    }

    if (
      event.type === "message" &&
      (this.state ? this.state.events.length !== count : event.at > this.#since)
    ) {
      this.onMessage?.(event);
    } else if (event.type === "invitation") {
      const { author, data } = event;

      this.onInvited?.({ text: data.text, sender: author.name ?? "" });
    }
  }

  /** Without the session only their number matters. */
  #missed(event: ChatEvent): void {
    if (event.type === "message" && isIncoming(event)) {
      this.#unread++;
    } else if (event.type === "read" && event.author.kind === "visitor") {
      this.#unread = 0;
    }

    this.#changed();
  }

  #seen(upTo: number): void {
    if (this.state) {
      this.#set((state) => visitorRead(state, upTo));
    } else {
      this.#unread = 0;
      this.#changed();
    }
  }

  #unfollow(): void {
    this.#cursor = this.#feed?.cursor ?? this.#cursor;
    this.#feed?.close();
    this.#feed = undefined;
  }

  /** The identity is not valid any more: the session gives another. */
  #refused(problem: Problem): void {
    this.#unfollow();
    this.#note(problem);

    // a browser that keeps no identity would ask for ever
    if (problem.status === 401 && Date.now() - this.#openedAt > RENEW) {
      void this.open().catch(() => undefined);
    }
  }

  #note(error: unknown): void {
    this.refused ||= isProblem(error) && error.is("blocked");
    this.#changed();
  }

  #blame(error: unknown): never {
    this.#note(error);
    throw error;
  }

  #set(change: (state: ChatState) => ChatState): void {
    const next = change(this.state ?? EMPTY);

    if (next !== this.state) {
      this.state = next;
      this.#changed();
    }
  }

  #changed(): void {
    this.#keep();

    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** The cursor, and how many messages before it are unread. */
type Seen = [number, number];

function recall(key: string): Seen | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "");
  } catch {
    return undefined;
  }
}

/** Nothing: forgets it. */
function keep(key: string, seen?: Seen): void {
  try {
    if (seen) {
      localStorage.setItem(key, JSON.stringify(seen));
    } else {
      localStorage.removeItem(key);
    }
  } catch {
    // the next page asks
  }
}

/** An identity that was refused sooner than this is not renewed. */
const RENEW = 10_000;

/** Before the session nothing is known, and nothing changes it. */
const EMPTY: ChatState = {
  conversation: null,
  events: [],
  more: false,
  available: false,
  texts: NO_TEXTS,
  brand: PLAIN,
  limits: { text: 4000 },
  unread: 0,
  typing: undefined,
};
