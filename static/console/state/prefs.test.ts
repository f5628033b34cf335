import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "./clock.ts";
import { readPrefs } from "./prefs.ts";

const defaults = readPrefs(null);

test("nothing in the storage is taken on trust", () => {
  for (const text of ["", "{", "null", "7", '"x"', "[]"]) {
    assert.deepEqual(readPrefs(text), defaults, text);
  }
  const odd = { theme: "pink", locale: 3, sound: "yes", keys: { next: 1 } };
  assert.deepEqual(readPrefs(JSON.stringify(odd)), defaults);
});

test("what was chosen is kept", () => {
  const chosen = {
    ...defaults,
    theme: "dark",
    locale: "fr",
    sound: false,
    keys: { next: "n" },
    filter: "mine",
  };
  assert.deepEqual(readPrefs(JSON.stringify(chosen)), chosen);
});

test("a duration has two units at most", () => {
  const minute = 60_000;
  const hour = 60 * minute;
  assert.equal(duration(-5, "en"), "0 sec");
  assert.equal(duration(59_999, "en"), "59 sec");
  assert.equal(duration(4 * minute + 1, "en"), "4 min");
  assert.equal(duration(2 * hour, "en"), "2 hr");
  assert.equal(duration(2 * hour + 5 * minute, "en"), "2 hr 5 min");
  assert.equal(duration(26 * hour, "en"), "1 day");
  assert.equal(duration(3 * 24 * hour, "de"), "3 Tg.");
});
