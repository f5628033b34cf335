// The keyboard's place, when what had it is taken away: by a colleague, or by
// one's own click.

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Gives the focus of what goes to where its conversation is answered. */
export function usePassedOn(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(
    () => () => {
      const node = ref.current;
      if (!node?.contains(document.activeElement)) {
        return;
      }
      const thread = node.closest(".thread");
      // once the rest is drawn, unless that has taken it
      queueMicrotask(() => {
        if (document.activeElement === document.body && thread?.isConnected) {
          thread
            .querySelector<HTMLElement>("textarea, .ended")
            ?.focus({ preventScroll: true });
        }
      });
    },
    [],
  );
}
