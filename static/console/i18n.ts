// The console's language: one catalogue at a time, fetched by itself.

import { signal } from "@preact/signals";
import type { Messages } from "../locales/console.en.ts";
import {
  pickLocale,
  regional,
  type Translate,
  type Translation,
  translator,
} from "../shared/i18n.ts";
import { LOCALES, type LocaleName, prefs } from "./state/prefs.ts";

export type Key = keyof Messages;

type Loader = () => Promise<{ default: Translation<Messages> }>;

const loaders: Record<LocaleName, Loader> = {
  en: () => import("../locales/console.en.ts"),
  fr: () => import("../locales/console.fr.ts"),
  de: () => import("../locales/console.de.ts"),
};

interface Language {
  readonly name: LocaleName;
  readonly translate: Translate<Messages>;
}

export const language = signal<Language | null>(null);

export async function loadLanguage(): Promise<void> {
  const wishes = [prefs.value.locale, ...navigator.languages];
  const name = pickLocale(wishes, LOCALES, "en");
  if (language.value?.name === name) {
    return;
  }
  const { default: catalogue } = await loaders[name]();
  language.value = { name, translate: translator<Messages>(name, catalogue) };
  document.documentElement.lang = name;
}

/** Reads the language signal, so what shows words follows a change of it. */
export const t: Translate<Messages> = (key, ...params) =>
  language.value ? language.value.translate(key, ...params) : "";

/** The language's, as the browser's region writes times and numbers. */
export function localeName(): string {
  return regional(language.value?.name ?? "en");
}
