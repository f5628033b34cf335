// The width of the window as something to look at.

import { type Signal, signal } from "@preact/signals";

function matches(query: string): Signal<boolean> {
  const media = matchMedia(query);
  const result = signal(media.matches);
  media.addEventListener("change", () => {
    result.value = media.matches;
  });
  return result;
}

/** One thing at a time. */
export const narrow = matches("(max-width: 760px)");
/** Room for the details beside the thread. */
export const roomy = matches("(min-width: 1180px)");

export const windowWidth = signal(innerWidth);

addEventListener("resize", () => {
  windowWidth.value = innerWidth;
});
