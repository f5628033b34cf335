// What the script element and the page say about the chat.

import type { LoaderLocale } from "../locales/loader.ts";
import { parseColour } from "../shared/colour.ts";
import { pickLocale } from "../shared/i18n.ts";
import type { Look } from "../shared/types.ts";
import { ROOT } from "./files.ts";

/** What the server knew when the page left it. */
export interface PageState {
  /** Seconds since the epoch. */
  at: number;
  /** Somebody is there; absent where the server can't know. */
  available?: boolean;
  /** No button while nobody is. */
  offline: "show" | "hide";
  brand?: Look;
  /** An invitation may be waiting. */
  invite?: boolean;
  /** false: without consent, nothing but what the visitor's writing needs. */
  store?: boolean;
}

export interface Config {
  /** The chat location's address, with a slash at its end. */
  base: string;
  locale: LoaderLocale;
  /** The customer's colour: #rgb or #rrggbb. */
  colour: string | undefined;
  side: "left" | "right" | "end" | undefined;
  /** The server follows page views. */
  track: boolean;
  state: PageState | undefined;
  theme: "auto" | "light" | "dark";
}

export const LOCALES: readonly LoaderLocale[] = ["en", "fr", "de"];

export function readConfig(script: HTMLScriptElement): Config {
  const root = document.documentElement;
  const of = (name: string) =>
    script.dataset[name] ??
    root.dataset[`chat${name[0]?.toUpperCase()}${name.slice(1)}`];
  const position = of("position");
  const wishes = [of("lang"), root.lang, ...navigator.languages];

  return {
    base: new URL(ROOT, script.src).href,
    locale: pickLocale(wishes, LOCALES, "en"),
    colour: parseColour(of("color")),
    side: position === "left" || position === "right" ? position : undefined,
    track: "track" in script.dataset,
    state: readState(script.dataset["chat"]),
    theme: "auto",
  };
}

/** A page may hold anything there. */
function readState(text: string | undefined): PageState | undefined {
  try {
    const state = JSON.parse(text ?? "");
    return typeof state?.at === "number" ? state : undefined;
  } catch {
    return undefined;
  }
}
