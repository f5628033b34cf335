// Typed catalogues. The English one is the type: a key that a translation
// lacks, and a parameter that a call forgets, are compile errors.

/** Forms by Intl.PluralRules of the parameter `n`. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Catalogue = Readonly<Record<string, string | Plural>>;

/** What a translation of `C` must have. */
export type Translation<C extends Catalogue> = {
  readonly [K in keyof C]: C[K] extends string ? string : Plural;
};

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

type Params<M> = M extends string
  ? Names<M>
  : M extends Plural
    ? Names<M["other"]> | "n"
    : never;

type Arguments<M> = [Params<M>] extends [never]
  ? []
  : [params: Readonly<Record<Params<M>, string | number>>];

export type Translate<C extends Catalogue> = <K extends keyof C>(
  key: K,
  ...params: Arguments<C[K]>
) => string;

export function translator<C extends Catalogue>(
  locale: string,
  catalogue: Translation<C>,
): Translate<C> {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  return (key, ...[params]) => {
    const message = catalogue[key] as string | Plural;
    const values: Record<string, string | number> = params ?? {};
    const text =
      typeof message === "string"
        ? message
        : (message[rules.select(Number(values["n"]))] ?? message.other);

    return text.replace(/\{(\w+)\}/g, (whole: string, name: string) => {
      const value = values[name];

      return typeof value === "number"
        ? numbers.format(value)
        : (value ?? whole);
    });
  };
}

/** The language as it is written where the browser is: en in en-GB. */
export function regional(
  language: string,
  wishes: readonly string[] = navigator.languages,
): string {
  return (
    wishes.find((wish) => wish.toLowerCase().split("-")[0] === language) ??
    language
  );
}

/** The first wish that is offered, by its primary language. */
export function pickLocale<L extends string>(
  wishes: readonly (string | null | undefined)[],
  offered: readonly L[],
  fallback: L,
): L {
  for (const wish of wishes) {
    const language = wish?.toLowerCase().split("-")[0];
    const found = offered.find((locale) => locale === language);

    if (found) {
      return found;
    }
  }

  return fallback;
}
