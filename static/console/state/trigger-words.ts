// The words of the page of triggers, and a trigger in one line of them.

import type { Condition } from "../../shared/condition.ts";
import type { Trigger, TriggerBody } from "../../shared/types.ts";
import { language, localeName, wordsOf } from "../i18n.ts";
import { FACTS, type FactName, isAlways, isFact } from "./triggers.ts";

const words = wordsOf({
  en: () => import("../../locales/triggers.en.ts"),
  fr: () => import("../../locales/triggers.fr.ts"),
  de: () => import("../../locales/triggers.de.ts"),
});

export const tt = words.t;
export const ready = words.ready;

/** German nouns keep their capital letters. */
function inside(text: string): string {
  return language.value?.name === "de"
    ? text
    : text.charAt(0).toLocaleLowerCase() + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function valueIn(fact: FactName, value: Condition["value"]): string {
  const { kind, unit } = FACTS[fact];
  if (kind === "device") {
    return tt(`device.${value as "phone"}`);
  }
  if (unit === "ms" && typeof value === "number" && value % 100 === 0) {
    return tt("unit.s", { n: value / 1000 });
  }
  if (typeof value === "number") {
    return unit
      ? tt(`unit.${unit}`, { n: value })
      : value.toLocaleString(localeName(), {
          useGrouping: fact !== "status",
        });
  }
  return tt("quoted", { text: String(value) });
}

function inWords({ fact, op, value, name }: Condition): string {
  if (!isFact(fact)) {
    return fact;
  }
  if (fact === "returning") {
    return tt(value ? "say.returning" : "say.new");
  }
  if (fact === "exit") {
    return tt(value ? "say.exit" : "say.stay");
  }
  const called =
    fact === "custom" && name
      ? tt("quoted", { text: name })
      : inside(tt(`fact.${fact}`));
  return value === "average"
    ? tt("say.average", { fact: called })
    : tt(`say.${op}`, { fact: called, value: valueIn(fact, value) });
}

/** "Page starts with “/shop/” and time on the page is at least 30 s" */
export function conditionsInWords({
  match,
  conditions,
}: Pick<TriggerBody, "match" | "conditions">): string {
  if (conditions.length === 0) {
    return tt("always");
  }
  const list = new Intl.ListFormat(localeName(), {
    type: match === "any" ? "disjunction" : "conjunction",
  });
  return capital(list.format(conditions.map(inWords)));
}

/** 1 is Monday. */
export function dayName(day: number, weekday: "short" | "long"): string {
  return new Intl.DateTimeFormat(localeName(), {
    weekday,
    timeZone: "UTC",
  }).format(Date.UTC(2024, 0, day));
}

function daysInWords(days: readonly number[]): string {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) {
    return "";
  }
  return days.length > 2 && last - first === days.length - 1
    ? `${dayName(first, "short")}–${dayName(last, "short")}`
    : days.map((day) => dayName(day, "short")).join(", ");
}

/** When it rests, for whom it is: what is not as usual. */
export function limitsInWords(trigger: Trigger): string[] {
  const { hours, share, attended, delay } = trigger;
  const { days, from, to } = hours;
  return [
    ...(isAlways(trigger)
      ? []
      : [
          [daysInWords(days), from === to ? "" : `${from}–${to}`]
            .filter(Boolean)
            .join(" "),
        ]),
    ...(attended ? [tt("attendedChip")] : []),
    ...(share < 100 ? [tt("shareChip", { n: share })] : []),
    ...(delay > 0 ? [tt("delayChip", { n: delay })] : []),
  ];
}
