// One tab of a browser leads: it holds the stream, and tells the others. The
// lock passes on by itself when its tab goes, crashes or is put in the cache.

export interface Leadership<M> {
  readonly leads: boolean;
  /** To all other tabs. */
  tell(message: M): void;
  /** Gives the lead up, for good. */
  close(): void;
}

export interface LeadershipOptions<M> {
  /** Of the lock and the channel; one for each chat of an origin. */
  name: string;
  /** This tab leads now. */
  onLead(): void;
  /** This tab leads no more. */
  onYield(): void;
  onMessage(message: M): void;
}

export function elect<M>(options: LeadershipOptions<M>): Leadership<M> {
  const election = new Election(options);
  election.join();
  return election;
}

class Election<M> implements Leadership<M> {
  leads = false;
  readonly #options: LeadershipOptions<M>;
  #channel: BroadcastChannel | undefined;
  #leave: (() => void) | undefined;

  constructor(options: LeadershipOptions<M>) {
    this.#options = options;
    window.addEventListener("pagehide", this.#onHide);
    window.addEventListener("pageshow", this.#onShow);

    if (!navigator.locks) {
      document.addEventListener("visibilitychange", this.#onVisibility);
    }
  }

  join(): void {
    this.#openChannel();

    if (navigator.locks) {
      this.#queue(navigator.locks);
    } else {
      this.#onVisibility();
    }
  }

  tell(message: M): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    window.removeEventListener("pagehide", this.#onHide);
    window.removeEventListener("pageshow", this.#onShow);
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#part();
  }

  readonly #onHide = () => this.#part();

  readonly #onShow = (event: PageTransitionEvent) => {
    if (event.persisted) {
      this.join();
    }
  };

  /** Plain http has no locks: there, the tabs that are looked at lead. */
  readonly #onVisibility = () => {
    this.#setLead(document.visibilityState === "visible");
  };

  #openChannel(): void {
    if (typeof BroadcastChannel === "undefined") {
      return;
    }

    this.#channel = new BroadcastChannel(this.#options.name);
    this.#channel.onmessage = (event: globalThis.MessageEvent<M>) =>
      this.#options.onMessage(event.data);
  }

  #queue(locks: LockManager): void {
    const abort = new AbortController();
    const held = new Promise<void>((resolve) => {
      this.#leave = () => {
        abort.abort();
        resolve();
      };
    });

    locks
      .request(this.#options.name, { signal: abort.signal }, () => {
        this.#setLead(true);
        return held;
      })
      .catch(() => undefined);
  }

  #part(): void {
    this.#setLead(false);
    this.#leave?.();
    this.#leave = undefined;
    this.#channel?.close();
    this.#channel = undefined;
  }

  #setLead(leads: boolean): void {
    if (leads === this.leads) {
      return;
    }

    this.leads = leads;

    if (leads) {
      this.#options.onLead();
    } else {
      this.#options.onYield();
    }
  }
}
