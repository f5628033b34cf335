// Who the page says the visitor is. It is kept in the page's memory only, and
// goes with the visitor's own messages; the server looks at signatures.

import type { Identity } from "../shared/types.ts";

export function need(met: boolean, what: string): asserts met {
  if (!met) {
    throw new TypeError(what);
  }
}

export interface Told {
  name?: string;
  email?: string;
  /** The same, as the site has signed it. */
  identity?: Identity;
  /** Lines of "name=value". */
  facts?: string;
}

type Person = Pick<Told, "name" | "email" | "identity">;

const MAX_NAME = 100;
const MAX_EMAIL = 200;
const MAX_FACTS = 20;
const MAX_VALUE = 200;

export class Guest {
  #person: Person = {};
  readonly #facts = new Map<string, string>();

  /** null forgets. */
  identify(person: unknown): void {
    need(typeof person === "object", "{ name, email }");

    const all = (person ?? {}) as Record<string, unknown>;
    const { name, email } = all;
    const next: Person = {};

    if (name != null) {
      next.name = line(name, MAX_NAME, "name");
    }

    if (email != null) {
      next.email = line(email, MAX_EMAIL, "email");
      need(/^[^\s@]+@[^\s@]+$/.test(next.email), "email");
    }

    if (all["signature"] != null) {
      next.identity = identity(all);
    }

    this.#person = next;
  }

  /** One by its name, or several as an object; null removes. */
  set(name: unknown, value: unknown): void {
    const all =
      typeof name === "object" ? (name ?? {}) : { [String(name)]: value };
    const facts = new Map(this.#facts);

    for (const [key, one] of Object.entries(all)) {
      need(/^[A-Za-z][\w-]{0,39}$/.test(key), "a name: letters, digits, _ -");

      if (one == null) {
        facts.delete(key);
      } else {
        facts.set(key, line(one, MAX_VALUE, key));
      }
    }

    need(facts.size <= MAX_FACTS, `at most ${MAX_FACTS}`);
    this.#facts.clear();

    for (const [key, one] of facts) {
      this.#facts.set(key, one);
    }
  }

  forget(): void {
    this.#person = {};
    this.#facts.clear();
  }

  /** For the next message. */
  get told(): Told {
    const facts = Array.from(
      this.#facts,
      ([name, value]) => `${name}=${value}`,
    );

    return facts.length > 0
      ? { ...this.#person, facts: facts.join("\n") }
      : this.#person;
  }
}

/** As it was signed, to the letter. */
function identity(all: Record<string, unknown>): Identity {
  const { id, name, email, expires, signature } = all;
  const signed: Identity = {
    id: text(id, "id"),
    signature: text(signature, "signature"),
  };

  need(/^[\da-f]{64}$/i.test(signed.signature), "signature: 64 digits");

  if (name != null && name !== "") {
    signed.name = text(name, "name");
  }

  if (email != null && email !== "") {
    signed.email = text(email, "email");
  }

  if (expires != null) {
    need(Number.isSafeInteger(expires), "expires: seconds");
    signed.expires = expires as number;
  }

  return signed;
}

function text(value: unknown, what: string): string {
  line(value, MAX_EMAIL, what);
  return String(value);
}

function line(value: unknown, max: number, what: string): string {
  const text = ["string", "number", "boolean"].includes(typeof value)
    ? String(value).trim()
    : "";

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused
  need(text !== "" && !/[\0-\x1f\x7f-\x9f\u2028\u2029]/.test(text), what);
  need(Array.from(text).length <= max, `${what}: at most ${max} characters`);
  return text;
}
