// Moments at which a network that failed may work again, and connections that
// look alive may be dead.

export interface WakeHandlers {
  /** Worth a try now: online again, or looked at again. */
  wake(): void;
  /** The machine slept, or the network changed: connections are dead. */
  restart(): void;
  /** The page goes to the back-forward cache, or for good. */
  pause(): void;
}

const TICK = 10_000;

// A hidden page's timers may be held for a minute; more than that was sleep.
const SLEPT = 90_000;

/** Returns what stops it. */
export function watchWake(handlers: WakeHandlers): () => void {
  let last = Date.now();

  const timer = setInterval(() => {
    const gap = Date.now() - last;
    last = Date.now();

    if (gap > SLEPT) {
      handlers.restart();
    }
  }, TICK);

  const onVisible = () => {
    if (document.visibilityState === "visible") {
      handlers.wake();
    }
  };

  const listeners: [EventTarget, string, () => void][] = [
    [window, "online", () => handlers.restart()],
    [window, "pageshow", () => handlers.wake()],
    [window, "pagehide", () => handlers.pause()],
    [document, "visibilitychange", onVisible],
  ];

  for (const [target, type, listener] of listeners) {
    target.addEventListener(type, listener);
  }

  return () => {
    clearInterval(timer);

    for (const [target, type, listener] of listeners) {
      target.removeEventListener(type, listener);
    }
  };
}
