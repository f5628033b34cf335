// What an invitation hangs on, as ngx_chat_module/domain/condition.c decides
// it, for the facts that only a browser knows. Both have the same test cases.

export type Fact = string | number | boolean | undefined;
export type Answer = "no" | "later" | "yes";

export type Op = "is" | "not" | "starts" | "matches" | "at_least" | "below";

export interface Condition {
  fact: string;
  op: Op;
  value: string | number | boolean;
  /** Of a custom fact. */
  name?: string;
}

export interface Rule {
  match: "all" | "any";
  conditions: readonly Condition[];
}

export interface Facts {
  /** A fact that is absent is nothing, or 0. */
  of: Readonly<Record<string, Fact>>;
  later?: readonly string[];
  custom?: Readonly<Record<string, string>>;
  /** Seconds on this page, where it is known. */
  average?: number;
}

const ORDER: readonly Answer[] = ["no", "later", "yes"];

export function decide({ match, conditions }: Rule, facts: Facts): Answer {
  const answers = conditions.map((one) => ORDER.indexOf(answer(one, facts)));
  const pick = match === "any" ? Math.max : Math.min;

  return answers.length ? (ORDER[pick(...answers)] ?? "no") : "yes";
}

function answer(condition: Condition, facts: Facts): Answer {
  const { fact, value, name } = condition;
  const average = value === "average" && fact === "time_on_page";

  if (average && !facts.average) {
    return "no";
  }

  if (facts.later?.includes(fact)) {
    return "later";
  }

  const known = fact === "custom" ? facts.custom?.[name ?? ""] : facts.of[fact];
  const limit = average ? Math.ceil(((facts.average ?? 0) * 4) / 3) : value;

  const met =
    typeof limit === "string"
      ? text(condition.op, String(known ?? ""), limit)
      : number(condition.op, Number(known ?? 0), Number(limit));

  return met ? "yes" : "no";
}

function number(op: Condition["op"], known: number, limit: number): boolean {
  switch (op) {
    case "at_least":
      return known >= limit;
    case "below":
      return known < limit;
    case "not":
      return known !== limit;
    default:
      return known === limit;
  }
}

function text(op: Condition["op"], known: string, limit: string): boolean {
  const [one, other] = [known.toLowerCase(), limit.toLowerCase()];

  switch (op) {
    case "starts":
      return one.startsWith(other);
    case "matches":
      return matches(one, other);
    case "not":
      return one !== other;
    default:
      return one === other;
  }
}

/** Piece by piece: the first that fits is as good as any other. */
function matches(known: string, pattern: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces.shift() ?? "";
  const last = pieces.pop();

  if (last === undefined) {
    return known === first;
  }

  const end = known.length - last.length;
  let at = first.length;

  if (!known.startsWith(first) || !known.endsWith(last)) {
    return false;
  }

  for (const piece of pieces) {
    const found = known.indexOf(piece, at);

    if (found < 0) {
      return false;
    }

    at = found + piece.length;
  }

  return at <= end;
}
