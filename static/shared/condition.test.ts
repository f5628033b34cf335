import assert from "node:assert/strict";
import { test } from "node:test";
import cases from "../../t/unit/domain/condition.json";
import { decide, type Fact, type Facts, type Rule } from "./condition.ts";

interface Case extends Partial<Rule>, Omit<Facts, "of"> {
  case: string;
  facts?: Record<string, Fact>;
  fires: string;
}

for (const one of cases as unknown as Case[]) {
  test(one.case, () => {
    const { match = "all", conditions = [], facts = {}, ...rest } = one;

    assert.equal(
      decide({ match, conditions }, { ...rest, of: facts }),
      one.fires,
    );
  });
}

test("the cases are there", () => assert.ok(cases.length > 40));
