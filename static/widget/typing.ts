// Tells the operators that the visitor types, and what: one call in three
// seconds at most, the last of which has the latest text.

const EVERY = 3000;

type Tell = (typing: boolean, text?: string) => Promise<void>;

export class TypingReporter {
  readonly #tell: Tell;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #text = "";
  #typing = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  typed(text: string): void {
    this.#text = text;
    this.#timer ??= setTimeout(
      () => this.#flush(),
      Math.max(0, this.#last + EVERY - Date.now()),
    );
  }

  /** The message is on its way, which says enough. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#typing = false;
  }

  #flush(): void {
    const typing = this.#text.trim() !== "";

    this.#timer = undefined;

    if (!typing && !this.#typing) {
      return;
    }

    this.#typing = typing;
    this.#last = Date.now();
    // a hint that got lost is no harm
    this.#tell(typing, typing ? this.#text.slice(0, 4000) : undefined).catch(
      () => undefined,
    );
  }
}
