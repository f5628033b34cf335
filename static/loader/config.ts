// What the script element and the page say about the chat.

import type { LoaderLocale } from "../locales/loader.ts";
import { parseColour } from "../shared/colour.ts";
import { pickLocale } from "../shared/i18n.ts";

export interface Config {
  /** The chat location's address, with a slash at its end. */
  base: string;
  locale: LoaderLocale;
  /** The customer's colour: #rgb or #rrggbb. */
  colour: string | undefined;
  side: "left" | "right" | "end";
  /** The server follows page views. */
  track: boolean;
}

const LOCALES: readonly LoaderLocale[] = ["en", "fr", "de"];

export function readConfig(script: HTMLScriptElement): Config {
  const { lang, color, position } = script.dataset;
  const wishes = [lang, document.documentElement.lang, ...navigator.languages];

  return {
    base: new URL(".", script.src).href,
    locale: pickLocale(wishes, LOCALES, "en"),
    colour: parseColour(color),
    track: "track" in script.dataset,
    side: position === "left" || position === "right" ? position : "end",
  };
}
