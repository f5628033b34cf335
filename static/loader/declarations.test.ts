// The types for pages in TypeScript: all that docs/javascript.md shows is
// right by them, and what commands.ts would warn of is wrong.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

const OPTIONS = [
  ["--noEmit", "--strict", "--target", "ES2020", "--lib", "ES2022,DOM"],
  ["--types", "", "--exactOptionalPropertyTypes"],
].flat();

/** Each alone is an error; what is expected and does not come is one, too. */
const WRONG = [
  'chat("fly");',
  "chat();",
  'chat("open", 1);',
  'chat("on", "arrive", () => {});',
  'chat("on", "open", 5);',
  'chat("on", "unread", (count: string) => count);',
  'chat("on", "message", (message) => message.nothing);',
  'chat("theme", "pink");',
  'chat("locale");',
  'chat("identify", "Ada");',
  'chat("identify", { id: 42, signature: "a" });',
  'chat("set", "plan", {});',
  'chat("set", "plan");',
  'chat("send");',
  'document.addEventListener("chat:unread", (e) => e.detail.text);',
];

/** What the compiler says of a script. */
function compile(source: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "chat-types-"));

  try {
    copyFileSync("chat.d.ts", path.join(folder, "chat.d.ts"));
    writeFileSync(path.join(folder, "page.ts"), source);

    const { stdout, stderr, error } = spawnSync(
      path.resolve("node_modules/.bin/tsc"),
      [...OPTIONS, "chat.d.ts", "page.ts"],
      { cwd: folder, encoding: "utf8" },
    );

    assert.equal(error, undefined);
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("what the document shows is right", () => {
  const text = readFileSync("../docs/javascript.md", "utf8");
  const examples = Array.from(
    text.matchAll(/^```(?:js|javascript)\n(.*?)^```/gms),
    ([, code]) => `{\n${code}}\n`,
  );

  assert.ok(examples.length >= 14, String(examples.length));
  assert.equal(compile(examples.join("")), "");
});

test("mistakes are errors", () => {
  const source = WRONG.map((line) => `// @ts-expect-error\n${line}\n`).join("");

  assert.equal(compile(source), "");
});
