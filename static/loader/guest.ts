// Who the page says the visitor is. Nobody has proved it, it is kept in the
// page's memory only, and goes with the visitor's own messages.

export function need(met: boolean, what: string): asserts met {
  if (!met) {
    throw new TypeError(what);
  }
}

export interface Told {
  name?: string;
  email?: string;
  /** Lines of "name=value". */
  facts?: string;
}

const MAX_NAME = 100;
const MAX_EMAIL = 200;
const MAX_FACTS = 20;
const MAX_VALUE = 200;

export class Guest {
  #person: Pick<Told, "name" | "email"> = {};
  readonly #facts = new Map<string, string>();

  /** null forgets. */
  identify(person: unknown): void {
    need(typeof person === "object", "{ name, email }");

    const { name, email } = (person ?? {}) as Record<string, unknown>;
    const next: Pick<Told, "name" | "email"> = {};

    if (name != null) {
      next.name = line(name, MAX_NAME, "name");
    }

    if (email != null) {
      next.email = line(email, MAX_EMAIL, "email");
      need(/^[^\s@]+@[^\s@]+$/.test(next.email), "email");
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

function line(value: unknown, max: number, what: string): string {
  const text = ["string", "number", "boolean"].includes(typeof value)
    ? String(value).trim()
    : "";

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused
  need(text !== "" && !/[\0-\x1f\x7f-\x9f\u2028\u2029]/.test(text), what);
  need(Array.from(text).length <= max, `${what}: at most ${max} characters`);
  return text;
}
