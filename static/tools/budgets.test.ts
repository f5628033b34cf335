// A build that is over a limit must fail, whichever part of it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBudgets } from "./budgets.mjs";

const FILES: Record<string, number> = {
  "loader.js": 5000,
  "w/live-1.js": 5000,
  "w/panel-1.js": 28_000,
  "w/en-1.js": 2000,
  "w/fr-1.js": 2000,
  "w/api-1.js": 2000,
  "console/assets/app-1.js": 40_000,
  "console/assets/chunk-1.js": 20_000,
  "console/assets/chunk-2.js": 1000,
  "console/assets/app-1.css": 12_000,
  "console/assets/console.en-1.js": 8000,
  "console/assets/team-1.js": 14_000,
};

/** The labels of the limits that are broken by these sizes. */
function broken(sizes: Record<string, number>): string[] {
  const files = { ...FILES, ...sizes };
  const { log } = console;

  console.log = () => undefined;

  try {
    return checkBudgets(
      { files, size: (name: string) => files[name] ?? 0 },
      {
        entry: "console/assets/app-1.js",
        imports: new Map([
          ["console/assets/app-1.js", ["console/assets/chunk-1.js"]],
          [
            "console/assets/team-1.js",
            ["console/assets/chunk-1.js", "console/assets/chunk-2.js"],
          ],
        ]),
      },
    ).map((line: string) => line.split(":")[0] ?? "");
  } finally {
    console.log = log;
  }
}

test("what is just within its limits passes", () => {
  assert.deepEqual(broken({}), []);
});

for (const [file, size, label] of [
  ["loader.js", 5001, "loader"],
  ["w/live-1.js", 5001, "live"],
  ["w/fr-1.js", 2001, "widget locale"],
  ["w/api-1.js", 3001, "widget in all"],
  ["console/assets/chunk-1.js", 20_001, "console entry"],
  ["console/assets/app-1.css", 12_001, "console style"],
  ["console/assets/console.en-1.js", 8001, "console locale"],
  ["console/assets/chunk-2.js", 1001, "console route"],
] as const) {
  test(`${file} with a byte too many fails`, () => {
    assert.deepEqual(broken({ [file]: size }), [label]);
  });
}
