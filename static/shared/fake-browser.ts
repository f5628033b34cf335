// For unit tests: as much of a browser as the shared parts ask for.

export interface FakeBrowser {
  window: EventTarget;
  document: EventTarget & { visibilityState: string };
  navigator: { onLine: boolean; locks: FakeLocks };
}

/** One holder of a name at a time; the others wait in order. */
export class FakeLocks {
  readonly #tails = new Map<string, Promise<void>>();

  async request(
    name: string,
    first: unknown,
    second?: () => Promise<unknown>,
  ): Promise<void> {
    const action = (second ?? first) as () => Promise<unknown>;
    const before = this.#tails.get(name) ?? Promise.resolve();
    const signal = second && (first as { signal?: AbortSignal }).signal;
    const run = before.then(async () => {
      if (!signal?.aborted) {
        await action();
      }
    });

    this.#tails.set(
      name,
      run.catch(() => undefined),
    );
    await run;
  }
}

export class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
}

/** Puts the fakes where the code looks for them. */
export function installBrowser(): FakeBrowser {
  const fake: FakeBrowser = {
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
    navigator: { onLine: true, locks: new FakeLocks() },
  };

  for (const [name, value] of Object.entries(fake)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }

  return fake;
}

/** Waits for something to become true. */
export async function eventually(test: () => boolean): Promise<void> {
  const end = Date.now() + 5000;

  while (!test()) {
    if (Date.now() > end) {
      throw new Error("waited in vain");
    }

    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
