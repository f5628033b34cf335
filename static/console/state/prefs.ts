/*
 * What an operator prefers in this browser. Shared by the console's tabs and
 * kept over log-outs; nothing here is a secret.
 */

import { effect, signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export const LOCALES = ["en", "fr", "de"] as const;
export const FILTERS = ["waiting", "mine", "open", "closed"] as const;

export type Theme = (typeof THEMES)[number];
export type LocaleName = (typeof LOCALES)[number];
export type Filter = (typeof FILTERS)[number];

export interface Prefs {
  readonly theme: Theme;
  /** null follows the browser */
  readonly locale: LocaleName | null;
  readonly sound: boolean;
  readonly notify: boolean;
  readonly shortcuts: boolean;
  /** an action's own key instead of the default one */
  readonly keys: Readonly<Record<string, string>>;
  readonly filter: Filter;
  readonly columns: boolean;
  readonly profile: boolean;
}

const KEY = "chat-console:prefs";

const DEFAULTS: Prefs = {
  theme: "auto",
  locale: null,
  sound: true,
  notify: false,
  shortcuts: true,
  keys: {},
  filter: "waiting",
  columns: false,
  profile: true,
};

function oneOf<T extends string>(list: readonly T[], value: unknown): T | null {
  return list.find((item) => item === value) ?? null;
}

function flag(value: unknown, otherwise: boolean): boolean {
  return typeof value === "boolean" ? value : otherwise;
}

function keysOf(value: unknown): Record<string, string> {
  const pairs = Object.entries(Object(value) as Record<string, unknown>);
  return Object.fromEntries(
    pairs.filter(
      (pair): pair is [string, string] => typeof pair[1] === "string",
    ),
  );
}

/** Storage belongs to the user, so nothing in it is taken on trust. */
export function readPrefs(text: string | null): Prefs {
  let raw: Record<string, unknown> = {};
  try {
    raw = Object(JSON.parse(text ?? "{}")) as Record<string, unknown>;
  } catch {
    return DEFAULTS;
  }
  return {
    theme: oneOf(THEMES, raw["theme"]) ?? DEFAULTS.theme,
    locale: oneOf(LOCALES, raw["locale"]),
    sound: flag(raw["sound"], DEFAULTS.sound),
    notify: flag(raw["notify"], DEFAULTS.notify),
    shortcuts: flag(raw["shortcuts"], DEFAULTS.shortcuts),
    keys: keysOf(raw["keys"]),
    filter: oneOf(FILTERS, raw["filter"]) ?? DEFAULTS.filter,
    columns: flag(raw["columns"], DEFAULTS.columns),
    profile: flag(raw["profile"], DEFAULTS.profile),
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const prefs = signal<Prefs>(readPrefs(stored()));

export function setPrefs(change: Partial<Prefs>): void {
  prefs.value = { ...prefs.value, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs.value));
  } catch {
    // A full or forbidden storage only means that the choice lasts one page.
  }
}

export function startPrefs(): void {
  addEventListener("storage", (event) => {
    if (event.key === KEY) {
      prefs.value = readPrefs(event.newValue);
    }
  });
  effect(() => {
    const root = document.documentElement;
    const { theme } = prefs.value;
    if (theme === "auto") {
      root.removeAttribute("data-theme");
    } else {
      root.setAttribute("data-theme", theme);
    }
  });
}
