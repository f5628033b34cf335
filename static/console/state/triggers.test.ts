import assert from "node:assert/strict";
import { test } from "node:test";
import type { TriggerBody } from "../../shared/types.ts";
import {
  beginning,
  EMPTY,
  FACTS,
  type FactName,
  fill,
  GROUPS,
  rate,
  rowsOf,
  toBody,
  toValues,
  waysOf,
  withRows,
} from "./triggers.ts";

const WHOLE: TriggerBody = {
  name: "Cart left",
  enabled: false,
  match: "any",
  conditions: [
    { fact: "page", op: "starts", value: "/shop/" },
    { fact: "custom", name: "plan", op: "is", value: "gold" },
    { fact: "device", op: "not", value: "phone" },
    { fact: "cart", op: "at_least", value: 100 },
    { fact: "exit", op: "is", value: true },
    { fact: "returning", op: "is", value: false },
    { fact: "time_on_page", op: "at_least", value: "average" },
    { fact: "time_on_page", op: "at_least", value: 30 },
  ],
  hours: { days: [1, 5], from: "22:00", to: "02:30" },
  share: 50,
  attended: false,
  text: "Hello {{visitor.name|there}}",
  sender: "Zoé",
  delay: 5,
  quiet_days: 30,
};

test("a trigger through the form is the same", () => {
  assert.deepEqual(toBody(toValues(WHOLE)), WHOLE);
  assert.deepEqual(toBody(toValues(EMPTY)), EMPTY);
});

test("all times, and back from some", () => {
  const always = { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" };
  const values = toValues({ ...WHOLE, hours: always });

  assert.equal(values["timed"], "");
  assert.deepEqual(toBody(values).hours, always);
  assert.deepEqual(toBody({ ...toValues(WHOLE), timed: "" }).hours, always);
});

test("a row that goes takes nothing of the others along", () => {
  const values = toValues(WHOLE);
  const rows = rowsOf(values);
  const less = withRows(
    values,
    rows.filter((_, index) => index !== 1),
  );

  assert.equal(rows.length, 8);
  assert.equal(rowsOf(less).length, 7);
  assert.equal(less["conditions.7.fact"], undefined);
  assert.equal(less["name"], "Cart left");
});

test("every fact has a group, and ways to be compared", () => {
  const grouped = Object.values(GROUPS).flat();

  assert.deepEqual([...grouped].sort(), Object.keys(FACTS).sort());
  assert.equal(grouped.length, 20);
  for (const fact of Object.keys(FACTS) as FactName[]) {
    assert.ok(waysOf(fact).some((way) => way === beginning(fact).op));
  }
  assert.equal(waysOf("time_on_page")[0], "average");
  assert.ok(!waysOf("time_on_site").includes("average"));
});

// the cases of t/unit/domain/trigger.c

const KNOWN = {
  "visitor.name": "Zoé",
  "cart.amount": "12.50",
  "cart.currency": "EUR",
  country: "FR",
  "custom.plan": "gold",
};

for (const [text, known, unknown] of [
  ["Hello {{visitor.name|there}}!", "Hello Zoé!", "Hello there!"],
  ["{{cart.amount}} {{cart.currency}}", "12.50 EUR", " "],
  ["{{custom.plan|basic}}, {{custom.none|x}}", "gold, x", "basic, x"],
  ["{{country|here}}{{weather}}", "FR", "here"],
  ["{{visitor.name|a|b}}", "Zoé", "a|b"],
  ["{{visitor.name", "{{visitor.name", "{{visitor.name"],
  ["{visitor.name} {{}}", "{visitor.name} ", "{visitor.name} "],
] as const) {
  test(`what is said: ${text}`, () => {
    assert.equal(fill(text, KNOWN), known);
    assert.equal(fill(text, {}), unknown);
  });
}

test("rates are of those who saw it", () => {
  assert.equal(rate(1, 4), 0.25);
  assert.equal(rate(1, 0), null);
});
