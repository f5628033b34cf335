import assert from "node:assert/strict";
import { test } from "node:test";
import { onColour, parseColour } from "./colour.ts";

test("text on a colour", () => {
  assert.equal(onColour("#0f5fd7"), "#fff");
  assert.equal(onColour("#ffd400"), "#000");
  assert.equal(onColour("#fff"), "#000");
  assert.equal(onColour("#000"), "#fff");
});

test("only plain colours are taken", () => {
  assert.equal(parseColour(" #AbC "), "#AbC");

  for (const text of [undefined, "", "red", "#12", "#1234567", "url(x)"]) {
    assert.equal(parseColour(text), undefined);
  }
});
