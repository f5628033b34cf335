// "chat_offline hide": no button while nobody is there. The page says whether
// somebody was when it left the server; one that is older than a minute, as
// caches and open tabs have them, asks again when it is looked at.

import type { Config } from "./config.ts";

const FRESH = 60;

export function hideWhileAway(
  { base, state }: Config,
  hide: (away: boolean) => void,
): void {
  if (state?.offline !== "hide") {
    return;
  }

  // a browser's clock may be wrong: at worst it asks once more
  let at = state.available === undefined ? 0 : state.at;

  const look = async () => {
    const now = Date.now() / 1000;

    if (document.hidden || Math.abs(now - at) < FRESH) {
      return;
    }

    at = now;

    try {
      const answer = await fetch(`${base}api/v1/visitor/availability`);
      const { available } = await answer.json();

      if (answer.ok) {
        hide(!available);
      }
    } catch {
      // as it was
    }
  };

  hide(!state.available);
  document.addEventListener("visibilitychange", look);
  void look();
}
