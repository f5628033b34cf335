// One stream for all tabs: the leading tab's, told on to the others. A tab
// that missed something (it was new, frozen or in the cache) sees that from
// the cursors and asks the server itself, once.

import type { Client, Problem } from "./api.ts";
import { elect, type Leadership } from "./leader.ts";
import { openStream, type Stream, type StreamState } from "./stream.ts";
import type { ChatEvent, EventsPage } from "./types.ts";

export interface FeedOptions {
  /** Of the lock and the channel. */
  name: string;
  client: Client;
  path: string;
  cursor: number;
  /** Each event once, durable ones in the order of their ids. */
  onEvent(event: ChatEvent): void;
  onState?(state: StreamState): void;
  onRefused?(problem: Problem): void;
  /** What another tab told with tell(). */
  onNote?(note: unknown): void;
}

export interface Feed {
  readonly cursor: number;
  readonly state: StreamState;
  /** Whether this tab holds the stream. */
  readonly leads: boolean;
  /** Something of the caller's own, to all other tabs. */
  tell(note: unknown): void;
  close(): void;
}

type Told =
  /** `before` is the cursor that a tab must have to miss nothing. */
  | { kind: "event"; before: number; event: ChatEvent }
  | { kind: "cursor"; cursor: number; state: StreamState }
  | { kind: "note"; note: unknown }
  | { kind: "hello" };

const HELLO_TIMEOUT = 2000;

export function openFeed(options: FeedOptions): Feed {
  return new SharedFeed(options);
}

class SharedFeed implements Feed {
  cursor: number;
  state: StreamState = "connecting";
  readonly #options: FeedOptions;
  readonly #leadership: Leadership<Told>;
  #stream: Stream | undefined;
  #catching = false;
  #closed = false;
  #unanswered: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.cursor = options.cursor;
    this.#leadership = elect<Told>({
      name: options.name,
      onLead: () => this.#lead(),
      onYield: () => this.#yield(),
      onMessage: (message) => this.#hear(message),
    });
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#hello();
  }

  get leads(): boolean {
    return this.#leadership.leads;
  }

  tell(note: unknown): void {
    this.#leadership.tell({ kind: "note", note });
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener("visibilitychange", this.#onVisibility);
    clearTimeout(this.#unanswered);
    this.#leadership.close();
  }

  readonly #onVisibility = () => {
    if (document.visibilityState === "visible") {
      this.#hello();
    }
  };

  #lead(): void {
    clearTimeout(this.#unanswered);
    this.#stream = openStream({
      client: this.#options.client,
      path: this.#options.path,
      cursor: this.cursor,
      onEvent: (event) => {
        const before = this.cursor;
        this.#take(event);
        this.#leadership.tell({ kind: "event", before, event });
      },
      onCursor: (cursor) => {
        this.cursor = Math.max(this.cursor, cursor);
        this.#tellCursor();
      },
      onState: (state) => {
        this.#setState(state);
        this.#tellCursor();
      },
      onRefused: (problem) => this.#options.onRefused?.(problem),
    });
  }

  #yield(): void {
    this.#stream?.stop();
    this.#stream = undefined;
  }

  #tellCursor(): void {
    this.#leadership.tell({
      kind: "cursor",
      cursor: this.cursor,
      state: this.state,
    });
  }

  /** Asks the leader where it stands; without an answer, the server. */
  #hello(): void {
    if (this.leads) {
      return;
    }

    this.#leadership.tell({ kind: "hello" });
    clearTimeout(this.#unanswered);
    this.#unanswered = setTimeout(() => void this.#catchUp(), HELLO_TIMEOUT);
  }

  #hear(message: Told): void {
    if (message.kind === "note") {
      this.#options.onNote?.(message.note);
      return;
    }

    if (message.kind === "hello") {
      if (this.leads) {
        this.#tellCursor();
      }

      return;
    }

    clearTimeout(this.#unanswered);

    if (message.kind === "event") {
      this.#hearEvent(message.before, message.event);
      return;
    }

    this.#setState(message.state);

    if (message.cursor > this.cursor) {
      void this.#catchUp();
    }
  }

  #hearEvent(before: number, event: ChatEvent): void {
    this.#setState("open");

    if (event.id !== undefined && before > this.cursor) {
      void this.#catchUp();
    } else {
      this.#take(event);
    }
  }

  #take(event: ChatEvent): void {
    if (event.id !== undefined) {
      if (event.id <= this.cursor) {
        return;
      }

      this.cursor = event.id;
    }

    this.#options.onEvent(event);
  }

  async #catchUp(): Promise<void> {
    if (this.#catching || this.leads || this.#closed) {
      return;
    }

    this.#catching = true;

    try {
      let more = true;

      while (more && !this.#closed) {
        const page = await this.#options.client.call<EventsPage>(
          "GET",
          this.#options.path,
          { query: { after: this.cursor, wait: 0 } },
        );

        for (const event of page.events) {
          this.#take(event);
        }

        this.cursor = Math.max(this.cursor, page.cursor);
        more = page.more;
      }
    } catch {
      // the leader's next word, or the lead itself, tries again
    } finally {
      this.#catching = false;
    }
  }

  #setState(state: StreamState): void {
    if (state !== this.state) {
      this.state = state;
      this.#options.onState?.(state);
    }
  }
}
