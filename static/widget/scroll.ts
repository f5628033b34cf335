// Where the log stands: at its end it stays there, elsewhere it does not move
// under the reader's eyes, and at its top it asks for what was before.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isIncoming } from "../loader/model.ts";
import type { Store } from "./store.ts";

/** Closer than this to an edge is at it. */
const NEAR = 48;

interface Seen {
  height: number;
  firstId: number;
  lastId: number;
  unsent: number;
}

export function useLogScroll(store: Store) {
  const ref = useRef<HTMLElement>(null);
  const seen = useRef<Seen>({ height: 0, firstId: 0, lastId: 0, unsent: 0 });
  const [fresh, setFresh] = useState(0);

  const events = store.chat.value?.events ?? [];
  const unsent = store.unsent.value.length;

  const toEnd = () => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight });
    setFresh(0);
  };

  const onScroll = () => {
    const log = ref.current;

    if (!log) {
      return;
    }

    const end = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    store.atEnd.value = end;

    if (end) {
      setFresh(0);
    }

    if (log.scrollTop < NEAR && seen.current.height > 0) {
      void store.loadOlder();
    }
  };

  // after every drawing: anything may have changed the height
  useLayoutEffect(() => {
    const log = ref.current;

    if (!log) {
      return;
    }

    const before = seen.current;
    const firstId = events[0]?.id ?? 0;
    const lastId = events.at(-1)?.id ?? 0;
    const wrote = unsent > before.unsent;

    if (store.atEnd.peek() || wrote) {
      log.scrollTop = log.scrollHeight;
    } else if (firstId < before.firstId) {
      log.scrollTop += log.scrollHeight - before.height;
    }

    if (lastId > before.lastId && before.lastId > 0 && !store.atEnd.peek()) {
      const news = events.filter(
        (event) => event.id > before.lastId && isIncoming(event),
      );
      setFresh((count) => count + news.length);
    }

    seen.current = { height: log.scrollHeight, firstId, lastId, unsent };
  });

  useStayAtEnd(ref, store);

  return { ref, onScroll, fresh, toEnd };
}

/** The keyboard, a turned phone and a wrapped line change the log's size. */
function useStayAtEnd(ref: { current: HTMLElement | null }, store: Store) {
  useEffect(() => {
    const log = ref.current;

    if (!log) {
      return;
    }

    const observer = new ResizeObserver(() => {
      if (store.atEnd.peek()) {
        log.scrollTop = log.scrollHeight;
      }
    });

    observer.observe(log);
    return () => observer.disconnect();
  }, [ref, store]);
}
