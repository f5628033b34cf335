// Messages on their way: sent once and in order, whatever the network does.
// Where storage is allowed they outlive the page, and all tabs see one queue.

import { isProblem, isTemporary } from "./api.ts";
import { createBackoff } from "./backoff.ts";
import { clientId } from "./ids.ts";
import { watchWake } from "./wake.ts";

export interface OutboxItem {
  clientId: string;
  /** Items of one lane go in order; lanes don't wait for each other. The
      console's are its conversations, the widget has one. */
  lane: string;
  text: string;
  at: number;
  /** `failed` waits for a person; `queued` is tried again by itself. */
  state: "queued" | "sending" | "failed";
  /** How often it was tried. */
  tries: number;
  /** Why it failed: the problem's type. */
  problem?: string;
}

export interface OutboxOptions<Result> {
  /** Of the stored queue and its locks. */
  key: string;
  /** Without it the queue lives as long as the page. */
  storage?: Storage | undefined;
  /** Sends with the item's client id; throws what createClient() throws. */
  send(item: OutboxItem): Promise<Result>;
  /** Sent by this tab. The stream tells the other tabs. */
  onSent?(item: OutboxItem, result: Result): void;
  onChange(items: readonly OutboxItem[]): void;
}

export interface Outbox {
  readonly items: readonly OutboxItem[];
  add(text: string, lane?: string): OutboxItem;
  /** A person wants another try, now. */
  retry(clientId: string): void;
  discard(clientId: string): void;
  /** The event of this client id has come: it need not be sent again. */
  settle(clientId: string): void;
  close(): void;
}

export function createOutbox<Result>(options: OutboxOptions<Result>): Outbox {
  return new Queue(options);
}

class Queue<Result> implements Outbox {
  items: OutboxItem[];
  readonly #options: OutboxOptions<Result>;
  readonly #unwatch: () => void;
  readonly #busy = new Set<string>();
  readonly #pauses = new Set<() => void>();
  #closed = false;

  constructor(options: OutboxOptions<Result>) {
    this.#options = options;
    this.items = this.#load();
    this.#unwatch = watchWake({
      wake: () => this.#wake(),
      restart: () => this.#wake(),
      pause: () => undefined,
    });
    window.addEventListener("storage", this.#onStorage);

    if (this.items.length > 0) {
      options.onChange(this.items);
      this.#wake();
    }
  }

  add(text: string, lane = ""): OutboxItem {
    const item: OutboxItem = {
      clientId: clientId(),
      lane,
      text,
      at: Date.now(),
      state: "queued",
      tries: 0,
    };

    this.#change((items) => [...items, item]);
    this.#wake();
    return item;
  }

  retry(id: string): void {
    this.#patch(id, (item) =>
      item.state === "failed" ? { ...without(item), state: "queued" } : item,
    );
    this.#wake();
  }

  discard(id: string): void {
    this.#change((items) => items.filter((item) => item.clientId !== id));
  }

  settle(id: string): void {
    if (this.items.some((item) => item.clientId === id)) {
      this.discard(id);
    }
  }

  close(): void {
    this.#closed = true;
    this.#unwatch();
    window.removeEventListener("storage", this.#onStorage);
    this.#wake();
  }

  /** Ends the pauses, and starts the lanes that stand still. */
  #wake(): void {
    for (const end of [...this.#pauses]) {
      end();
    }

    for (const lane of new Set(this.items.map((item) => item.lane))) {
      if (!this.#busy.has(lane) && !this.#closed) {
        void this.#run(lane);
      }
    }
  }

  /** Empties a lane. A lock keeps other tabs from doing the same. */
  async #run(lane: string): Promise<void> {
    this.#busy.add(lane);

    try {
      if (this.#options.storage && navigator.locks) {
        const name = `${this.#options.key}:${lane}`;
        await navigator.locks.request(name, () => this.#drain(lane));
      } else {
        await this.#drain(lane);
      }
    } finally {
      this.#busy.delete(lane);
    }

    // what came between the last look and the lock's end
    if (this.#next(lane) && !this.#closed) {
      void this.#run(lane);
    }
  }

  async #drain(lane: string): Promise<void> {
    const backoff = createBackoff();

    for (;;) {
      // another tab may have sent some while this one waited
      this.#reload();
      const item = this.#next(lane);

      if (!item || this.#closed) {
        return;
      }

      const pause = await this.#try(item, backoff.next);

      if (pause === undefined) {
        backoff.reset();
      } else {
        await this.#pause(pause);
      }
    }
  }

  /** Returns how long to wait before the next try, if it is to be tried. */
  async #try(
    item: OutboxItem,
    next: (atLeast?: number) => number,
  ): Promise<number | undefined> {
    const { send, onSent } = this.#options;
    const id = item.clientId;

    this.#patch(id, (old) => ({ ...old, state: "sending" }));

    try {
      const result = await send(item);
      onSent?.(item, result);
      this.discard(id);
      return undefined;
    } catch (error) {
      const tries = item.tries + 1;

      if (isTemporary(error)) {
        this.#patch(id, (old) => ({ ...old, state: "queued", tries }));
        return next(isProblem(error) ? error.retryAfter : 0);
      }

      const problem = isProblem(error) ? error.type : "unknown";
      this.#patch(id, (old) => ({ ...old, state: "failed", tries, problem }));
      return undefined;
    }
  }

  #next(lane: string): OutboxItem | undefined {
    return this.items.find(
      (item) => item.lane === lane && item.state !== "failed",
    );
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);

      this.#pauses.add(end);
    });
  }

  #patch(id: string, change: (item: OutboxItem) => OutboxItem): void {
    this.#change((items) =>
      items.map((item) => (item.clientId === id ? change(item) : item)),
    );
  }

  /** Changes the stored queue, which other tabs may have changed, too. */
  #change(change: (items: OutboxItem[]) => OutboxItem[]): void {
    const { key, storage, onChange } = this.#options;

    this.items = change(this.#load());

    try {
      if (this.items.length > 0) {
        storage?.setItem(key, JSON.stringify(this.items));
      } else {
        storage?.removeItem(key);
      }
    } catch {
      // full or forbidden: the page's own memory has to do
    }

    onChange(this.items);
  }

  readonly #onStorage = (event: StorageEvent) => {
    if (event.key === this.#options.key || event.key === null) {
      this.#reload();
      this.#wake();
    }
  };

  #reload(): void {
    this.items = this.#load();
    this.#options.onChange(this.items);
  }

  #load(): OutboxItem[] {
    const { key, storage } = this.#options;

    if (!storage) {
      return this.items ?? [];
    }

    try {
      return parseItems(storage.getItem(key));
    } catch {
      return this.items ?? [];
    }
  }
}

function without(item: OutboxItem): OutboxItem {
  const { problem: _, ...rest } = item;
  return rest;
}

/** Anything may stand in a page's storage. */
function parseItems(text: string | null): OutboxItem[] {
  const items: unknown = JSON.parse(text ?? "[]");

  return Array.isArray(items) ? items.filter(isItem) : [];
}

function isItem(value: unknown): value is OutboxItem {
  const item = value as OutboxItem | null;

  return (
    typeof item?.clientId === "string" &&
    typeof item.lane === "string" &&
    typeof item.text === "string" &&
    typeof item.at === "number" &&
    typeof item.tries === "number" &&
    ["queued", "sending", "failed"].includes(item.state)
  );
}
