// How long to wait before the next try.

const FIRST = 1000;
const LONGEST = 30_000;

export interface Backoff {
  /** The next pause, in ms: exponential, with jitter so that the clients of a
      restarted server don't come back as one. */
  next(atLeast?: number): number;
  reset(): void;
  readonly failures: number;
}

export function createBackoff(random: () => number = Math.random): Backoff {
  let failures = 0;

  return {
    next(atLeast = 0) {
      const ceiling = Math.min(LONGEST, FIRST * 2 ** failures);
      failures++;
      return atLeast + ceiling * (0.5 + random() / 2);
    },

    reset() {
      failures = 0;
    },

    get failures() {
      return failures;
    },
  };
}
