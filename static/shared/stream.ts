// Events after a cursor, for as long as the page lives: as a stream read with
// fetch(), or by long polls where something between here and the server holds
// streams back. Whatever breaks, the cursor brings back what was missed.

import type { Client } from "./api.ts";
import { isAbort, isProblem, type Problem, Unreachable } from "./api.ts";
import { createBackoff } from "./backoff.ts";
import { SseParser } from "./sse.ts";
import type { ChatEvent, EventsPage } from "./types.ts";
import { watchWake } from "./wake.ts";

export type StreamState = "connecting" | "open" | "offline";

export interface StreamOptions {
  client: Client;
  /** VISITOR_EVENTS or OPERATOR_EVENTS. */
  path: string;
  /** The newest event id that is known already. */
  cursor: number;
  /** Each event once, durable ones in the order of their ids. */
  onEvent(event: ChatEvent): void;
  onState?(state: StreamState): void;
  /** The cursor moved past events that are not for this client. */
  onCursor?(cursor: number): void;
  /** 401, 403, 404: trying again is no use. The stream has stopped. */
  onRefused?(problem: Problem): void;
}

export interface Stream {
  readonly cursor: number;
  readonly state: StreamState;
  /** Tries at once if it waits to try again. */
  wake(): void;
  stop(): void;
}

/** Without a byte for so long after the request, streams don't get through. */
const FIRST_BYTE = 5000;

/** The server beats every 20 s: a stream silent for so long is dead. */
const SILENCE = 50_000;

const POLL_SECONDS = 25;

/** Streams that break this often in a row give way to polls. */
const BREAKS = 3;

/** A stream that lived for so long was not broken by its path. */
const LIVED = 60_000;

/** Ends sooner than this are not taken for a server's reload. */
const HASTE = 1000;

export function openStream(options: StreamOptions): Stream {
  const run = new Run(options);
  void run.loop();
  return run;
}

class Run implements Stream {
  cursor: number;
  state: StreamState = "connecting";

  readonly #options: StreamOptions;
  readonly #backoff = createBackoff();
  readonly #unwatch: () => void;
  #stopped = false;
  #paused = false;
  #polling = false;
  #polled = false;
  #breaks = 0;
  #delivered = 0;
  #abort = new AbortController();
  #endPause: (() => void) | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.cursor = options.cursor;
    this.#unwatch = watchWake({
      wake: () => this.wake(),
      restart: () => this.#restart(),
      pause: () => this.#pause(),
    });
  }

  async loop(): Promise<void> {
    while (!this.#stopped) {
      await this.#turn();
    }
  }

  wake(): void {
    this.#paused = false;
    this.#endPause?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#unwatch();
    this.#abort.abort();
    this.wake();
  }

  /** Also tries streams again: the network may be another one now. */
  #restart(): void {
    this.#polling = false;
    this.#breaks = 0;
    this.#backoff.reset();
    this.#abort.abort();
    this.wake();
  }

  /** An open request would keep the page out of the back-forward cache. */
  #pause(): void {
    this.#paused = true;
    this.#abort.abort();
  }

  /** One connection from its start to its end, and the pause after it. */
  async #turn(): Promise<void> {
    if (this.#paused) {
      await this.#sleep(undefined);
      return;
    }

    const started = Date.now();
    this.#abort = new AbortController();

    try {
      if (this.#polling) {
        await this.#poll();
      } else {
        await this.#stream();
      }

      // a clean end, a time-out or a server that reloads: back at once
      if (!this.#polling && Date.now() - started < HASTE) {
        await this.#sleep(this.#backoff.next());
      }
    } catch (error) {
      await this.#afterError(error);
    }
  }

  async #afterError(error: unknown): Promise<void> {
    if (this.#stopped || isAbort(error)) {
      return;
    }

    if (isProblem(error) && [401, 403, 404].includes(error.status)) {
      this.stop();
      this.#options.onRefused?.(error);
      return;
    }

    const atLeast = isProblem(error) ? error.retryAfter : 0;
    const pause = this.#backoff.next(atLeast);

    this.#polled = false;
    // one failure is a hiccup, unless the browser knows better
    this.#setState(
      this.#backoff.failures > 1 || navigator.onLine === false
        ? "offline"
        : "connecting",
    );
    await this.#sleep(pause);
  }

  async #stream(): Promise<void> {
    const { client, path } = this.#options;
    const signal = this.#abort.signal;
    const guard = new Guard(this.#abort);

    try {
      guard.arm(FIRST_BYTE);

      const response = await client.open("GET", path, {
        query: { after: this.cursor },
        headers: {
          Accept: "text/event-stream",
          "Last-Event-ID": String(this.cursor),
        },
        signal,
        timeout: 0,
      });

      if (
        !response.headers.get("Content-Type")?.startsWith("text/event-stream")
      ) {
        this.#polling = true;
        this.#take((await response.json()) as EventsPage);
        return;
      }

      await this.#read(response, guard);
    } catch (error) {
      this.#judge(error, guard);
    } finally {
      guard.disarm();
    }
  }

  async #read(response: Response, guard: Guard): Promise<void> {
    const started = Date.now();
    const decoder = new TextDecoder();
    const parser = new SseParser();
    const reader = response.body?.getReader();

    if (!reader) {
      this.#polling = true;
      return;
    }

    try {
      for (;;) {
        const { done, value } = await reader.read();

        if (done) {
          return;
        }

        guard.arm(SILENCE);
        this.#opened();

        for (const block of parser.push(
          decoder.decode(value, { stream: true }),
        )) {
          this.#block(block.id, block.data);
        }
      }
    } catch (error) {
      this.#broke(error, Date.now() - started);
    }
  }

  /** The stream had been open, and broke. */
  #broke(error: unknown, lived: number): void {
    if (isAbort(error)) {
      throw error;
    }

    this.#breaks = lived > LIVED ? 1 : this.#breaks + 1;

    if (this.#breaks >= BREAKS && navigator.onLine !== false) {
      this.#polling = true;
    }

    throw new Unreachable(error);
  }

  /** Tells our own time-outs from the caller's abort. */
  #judge(error: unknown, guard: Guard): void {
    if (!guard.fired) {
      throw error;
    }

    if (guard.fired === FIRST_BYTE) {
      this.#polling = true;
    }
  }

  async #poll(): Promise<void> {
    const { client, path } = this.#options;
    // the first one only shows that the server is there
    const wait = this.#polled ? POLL_SECONDS : 0;
    const started = Date.now();
    const before = this.#delivered;

    const page = await client.call<EventsPage>("GET", path, {
      query: { after: this.cursor, wait },
      signal: this.#abort.signal,
      timeout: (wait + 15) * 1000,
    });

    this.#polled = true;
    this.#opened();
    this.#take(page);

    // whatever a server answers, it is not asked without end
    const idle = this.#delivered === before && !page.more;

    if (wait > 0 && idle && Date.now() - started < HASTE) {
      await this.#sleep(HASTE);
    }
  }

  #opened(): void {
    this.#backoff.reset();
    this.#setState("open");
  }

  #take(page: EventsPage): void {
    const { available } = page;

    for (const event of page.events) {
      this.#event(event);
    }

    // an event that told came between two polls, perhaps
    if (available !== undefined) {
      this.#options.onEvent({
        type: "availability",
        data: { available },
      } as ChatEvent);
    }

    this.#moveTo(page.cursor);
  }

  #block(id: string | undefined, data: string | undefined): void {
    if (data !== undefined) {
      const event = parseEvent(data);

      if (event) {
        this.#event(event);
      }
    }

    if (id) {
      this.#moveTo(Number(id));
    }
  }

  #event(event: ChatEvent): void {
    if (event.id !== undefined) {
      if (event.id <= this.cursor) {
        return;
      }

      this.cursor = event.id;
    }

    this.#delivered++;
    this.#options.onEvent(event);
  }

  #moveTo(cursor: number): void {
    if (cursor > this.cursor) {
      this.cursor = cursor;
      this.#options.onCursor?.(cursor);
    }
  }

  #setState(state: StreamState): void {
    if (state !== this.state && !this.#stopped) {
      this.state = state;
      this.#options.onState?.(state);
    }
  }

  /** Until the time is over or wake(); for ever without a time. */
  #sleep(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(end, ms);

      function end() {
        clearTimeout(timer);
        resolve();
      }

      this.#endPause = end;

      if (this.#stopped) {
        end();
      }
    });
  }
}

/** Aborts a connection that stays silent. */
class Guard {
  /** The time that ran out. */
  fired = 0;
  readonly #abort: AbortController;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(abort: AbortController) {
    this.#abort = abort;
  }

  arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.fired = ms;
      this.#abort.abort();
    }, ms);
  }

  disarm(): void {
    clearTimeout(this.#timer);
  }
}

function parseEvent(data: string): ChatEvent | undefined {
  try {
    return JSON.parse(data) as ChatEvent;
  } catch {
    return undefined;
  }
}
