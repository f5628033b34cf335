// What the browser keeps, and only after the visitor's own action. A browser
// that forbids it loses nothing but the memory.

export class Memory {
  readonly #key: string;
  #token: string | undefined;
  /** Nothing is stored before the visitor writes: this page alone knows. */
  #refused: boolean;
  #open = false;
  #muted = false;

  constructor(base: string, refused: boolean) {
    this.#key = `chat:${base}`;
    this.#token = this.#read()?.token;
    this.#refused = refused && !this.known;
  }

  /** The visitor has written before, in this browser. */
  get known(): boolean {
    return this.#read() !== undefined;
  }

  /** The identity where the cookie does not serve. */
  get token(): string | undefined {
    return this.#token;
  }

  set token(token: string | undefined) {
    this.#token = token;

    if (this.known) {
      this.remember();
    }
  }

  /** The visitor writes: from now on the browser may know. */
  remember(): void {
    const { wasOpen, muted } = this;

    this.#refused = false;
    Object.assign(this, { wasOpen, muted });
    attempt(() =>
      localStorage.setItem(this.#key, JSON.stringify({ token: this.#token })),
    );
  }

  /** Calls when another tab took on another identity. */
  onChange(listener: () => void): void {
    addEventListener("storage", (event) => {
      if (event.key === this.#key && event.newValue) {
        const before = this.#token;
        this.#token = this.#read()?.token;

        if (before !== this.#token) {
          listener();
        }
      }
    });
  }

  /** Whether messages wait that were written before this page was loaded. */
  get hasUnsent(): boolean {
    return attempt(() => localStorage.getItem(this.outboxKey)) != null;
  }

  get outboxKey(): string {
    return `${this.#key}:out`;
  }

  /** The panel stays open from page to page, in its tab. */
  get wasOpen(): boolean {
    return (
      this.#open || attempt(() => sessionStorage.getItem(this.#key)) != null
    );
  }

  set wasOpen(open: boolean) {
    this.#open = this.#mark(() => sessionStorage, this.#key, open);
  }

  /** The visitor wants no sound. */
  get muted(): boolean {
    return (
      this.#muted ||
      attempt(() => localStorage.getItem(`${this.#key}:mute`)) != null
    );
  }

  set muted(muted: boolean) {
    this.#muted = this.#mark(() => localStorage, `${this.#key}:mute`, muted);
  }

  /** As if nobody had been here. */
  forget(): void {
    this.#token = undefined;
    this.wasOpen = false;

    for (const key of [this.#key, this.outboxKey, `${this.#key}:mute`]) {
      attempt(() => localStorage.removeItem(key));
    }
  }

  /** Whether there is a mark that only this page has. */
  #mark(store: () => Storage, key: string, on: boolean): boolean {
    if (on && this.#refused) {
      return true;
    }

    attempt(() => (on ? store().setItem(key, "1") : store().removeItem(key)));
    return false;
  }

  #read(): { token?: string } | undefined {
    const text = attempt(() => localStorage.getItem(this.#key));
    const value: unknown = text && attempt(() => JSON.parse(text));

    return value && typeof value === "object" ? value : undefined;
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
