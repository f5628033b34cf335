// The console's language: one catalogue at a time, fetched by itself.

import { effect, signal } from "@preact/signals";
import type { Messages } from "../locales/console.en.ts";
import {
  type Catalogue,
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

/** The words of one page, which come with it and follow the language. */
export function wordsOf<C extends Catalogue>(
  catalogues: Record<LocaleName, () => Promise<{ default: Translation<C> }>>,
) {
  const spoken = signal<Translate<C> | null>(null);
  let wanted: LocaleName | undefined;

  const load = async (name: LocaleName) => {
    wanted = name;
    const { default: catalogue } = await catalogues[name]();
    if (wanted === name) {
      spoken.value = translator<C>(name, catalogue);
    }
  };
  const say: Translate<C> = (key, ...params) =>
    spoken.value ? spoken.value(key, ...params) : "";

  return {
    t: say,
    /** Resolves when the words are there; from then on they follow. */
    ready: async () => {
      await load(language.peek()?.name ?? "en");
      effect(() => {
        const name = language.value?.name;
        if (name && name !== wanted) {
          load(name).catch(() => undefined);
        }
      });
    },
  };
}

/** The language's, as the browser's region writes times and numbers. */
export function localeName(): string {
  return regional(language.value?.name ?? "en");
}
