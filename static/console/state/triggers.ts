// What a trigger may hang on, a trigger as the values of a form and in plain
// words, and what an invitation says to whom.

import type { Condition, Op } from "../../shared/condition.ts";
import type { Trigger, TriggerBody } from "../../shared/types.ts";

export const MOST_CONDITIONS = 16;
export const MOST_TEXT = 300;
export const WEEK = [1, 2, 3, 4, 5, 6, 7];

export type Kind = "text" | "number" | "flag" | "device";
export type Unit = "s" | "ms" | "percent";
export type Way = Op | "average";

interface Fact {
  readonly kind: Kind;
  readonly unit?: Unit;
}

export const GROUPS = {
  page: ["page", "took", "status"],
  visit: ["referrer", "campaign", "source", "medium", "pages", "cart"],
  visitor: ["returning", "chats", "country", "language", "device", "custom"],
  now: ["time_on_page", "time_on_site", "scroll", "idle", "exit"],
} as const;

export type Group = keyof typeof GROUPS;
export type FactName = (typeof GROUPS)[Group][number];

/** As ngx_chat_module/domain/condition.c has them. */
export const FACTS: Readonly<Record<FactName, Fact>> = {
  page: { kind: "text" },
  took: { kind: "number", unit: "ms" },
  status: { kind: "number" },
  referrer: { kind: "text" },
  campaign: { kind: "text" },
  source: { kind: "text" },
  medium: { kind: "text" },
  pages: { kind: "number" },
  cart: { kind: "number" },
  returning: { kind: "flag" },
  chats: { kind: "number" },
  country: { kind: "text" },
  language: { kind: "text" },
  device: { kind: "device" },
  custom: { kind: "text" },
  time_on_page: { kind: "number", unit: "s" },
  time_on_site: { kind: "number", unit: "s" },
  scroll: { kind: "number", unit: "percent" },
  idle: { kind: "number", unit: "s" },
  exit: { kind: "flag" },
};

export const DEVICES = ["desktop", "phone", "tablet", "other"] as const;

const WAYS: Readonly<Record<Kind, readonly Way[]>> = {
  text: ["is", "not", "starts", "matches"],
  number: ["at_least", "below", "is", "not"],
  flag: ["is"],
  device: ["is", "not"],
};

export function isFact(name: string): name is FactName {
  return name in FACTS;
}

/** How a fact can be compared; the first is what is meant most often. */
export function waysOf(fact: FactName): readonly Way[] {
  const ways = WAYS[FACTS[fact].kind];
  return fact === "time_on_page" ? ["average", ...ways] : ways;
}

/** What a condition begins with when its fact is chosen. */
export function beginning(fact: FactName): Record<"op" | "value", string> {
  const { kind } = FACTS[fact];
  return {
    op: fact === "page" ? "starts" : (waysOf(fact)[0] ?? "is"),
    value: kind === "flag" ? "true" : kind === "device" ? "phone" : "",
  };
}

export type Values = Readonly<Record<string, string>>;

export interface Row {
  readonly fact: FactName;
  readonly op: Way;
  readonly value: string;
  readonly name: string;
}

const PARTS = ["fact", "op", "value", "name"] as const;

/** The conditions among the values, which are named as the server does. */
export function rowsOf(values: Values): Row[] {
  const rows: Row[] = [];
  for (;;) {
    const at = (part: string) => values[`conditions.${rows.length}.${part}`];
    const fact = at("fact");
    if (fact === undefined || !isFact(fact)) {
      return rows;
    }
    const op = waysOf(fact).find((way) => way === at("op"));
    rows.push({
      fact,
      op: op ?? "is",
      value: at("value") ?? "",
      name: at("name") ?? "",
    });
  }
}

export function withRows(values: Values, rows: readonly Row[]): Values {
  const others = Object.entries(values).filter(
    ([name]) => !name.startsWith("conditions."),
  );
  const pairs = rows.flatMap((row, index) =>
    PARTS.map((part) => [`conditions.${index}.${part}`, row[part]] as const),
  );
  return Object.fromEntries([...others, ...pairs]);
}

function toRow({ fact, op, value, name }: Condition): Row[] {
  const average = value === "average" && fact === "time_on_page";
  return isFact(fact)
    ? [
        {
          fact,
          op: average ? "average" : op,
          value: average ? "" : String(value),
          name: name ?? "",
        },
      ]
    : [];
}

export function toCondition({ fact, op, value, name }: Row): Condition {
  const { kind } = FACTS[fact];
  const custom = fact === "custom" ? { name: name.trim() } : {};
  if (op === "average") {
    return { fact, op: "at_least", value: "average" };
  }
  return {
    fact,
    ...custom,
    op,
    value:
      kind === "number"
        ? Number(value)
        : kind === "flag"
          ? value === "true"
          : value.trim(),
  };
}

export function toValues(body: TriggerBody): Values {
  const { hours } = body;
  return withRows(
    {
      name: body.name,
      enabled: body.enabled ? "1" : "",
      match: body.match,
      text: body.text,
      sender: body.sender,
      delay: String(body.delay),
      quiet_days: String(body.quiet_days),
      share: String(body.share),
      attended: body.attended ? "1" : "",
      timed: isAlways(body) ? "" : "1",
      "hours.days": hours.days.join(""),
      "hours.from": hours.from,
      "hours.to": hours.to,
    },
    body.conditions.flatMap(toRow),
  );
}

export function toBody(values: Values): TriggerBody {
  const of = (name: string) => values[name] ?? "";
  const timed = of("timed") !== "";
  return {
    name: of("name").trim(),
    enabled: of("enabled") !== "",
    match: of("match") === "any" ? "any" : "all",
    conditions: rowsOf(values).map(toCondition),
    hours: timed
      ? {
          days: WEEK.filter((day) => of("hours.days").includes(String(day))),
          from: of("hours.from"),
          to: of("hours.to"),
        }
      : { days: WEEK, from: "00:00", to: "00:00" },
    share: Number(of("share")),
    attended: of("attended") !== "",
    text: of("text").trim(),
    sender: of("sender").trim(),
    delay: Number(of("delay")),
    quiet_days: Number(of("quiet_days")),
  };
}

export function isAlways({ hours }: Pick<TriggerBody, "hours">): boolean {
  return hours.days.length === WEEK.length && hours.from === hours.to;
}

export const EMPTY: TriggerBody = {
  name: "",
  enabled: true,
  match: "all",
  conditions: [],
  hours: { days: WEEK, from: "09:00", to: "18:00" },
  share: 100,
  attended: true,
  text: "",
  sender: "",
  delay: 0,
  quiet_days: 7,
};

/** The figures stay with the one that is copied. */
export function bodyOf(trigger: Trigger, name: string): TriggerBody {
  const { id, position, counts, sales, created_at, updated_at, ...body } =
    trigger;
  return { ...body, name };
}

export const EXAMPLES = {
  long: [{ fact: "time_on_page", op: "at_least", value: "average" }],
  slow: [{ fact: "took", op: "at_least", value: 3000 }],
  lost: [{ fact: "status", op: "is", value: 404 }],
  cart: [
    { fact: "cart", op: "at_least", value: 1 },
    { fact: "exit", op: "is", value: true },
  ],
} as const satisfies Record<string, readonly Condition[]>;

export type ExampleName = keyof typeof EXAMPLES;

export const EXAMPLE_NAMES = Object.keys(EXAMPLES) as ExampleName[];

/** The rest as ngx_chat_trigger_text() in domain/trigger.c does it. */
export function fill(text: string, known: Readonly<Record<string, string>>) {
  return text.replace(/\{\{([\s\S]*?)\}\}/g, (_, inner: string) => {
    const bar = inner.indexOf("|");
    const name = bar < 0 ? inner : inner.slice(0, bar);
    return known[name] || (bar < 0 ? "" : inner.slice(bar + 1));
  });
}

/** Of those who saw it. */
export function rate(n: number, shown: number): number | null {
  return shown > 0 ? n / shown : null;
}
