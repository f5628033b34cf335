import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify, sendable } from "./text.ts";

function links(text: string): string[] {
  return linkify(text).flatMap((token) => token.href ?? []);
}

test("text without addresses is one token", () => {
  assert.deepEqual(linkify("a <b> & c"), [{ text: "a <b> & c" }]);
  assert.deepEqual(linkify(""), []);
});

test("addresses become links, all text is kept", () => {
  const text =
    "See https://a.example/x?y=1#z, or www.b.example. Mail: me@c.example!";
  assert.deepEqual(links(text), [
    "https://a.example/x?y=1#z",
    "https://www.b.example/",
    "mailto:me@c.example",
  ]);
  assert.equal(
    linkify(text)
      .map((token) => token.text)
      .join(""),
    text,
  );
});

test("brackets belong to the address only when they open there", () => {
  assert.deepEqual(links("(see https://a.example/b)"), ["https://a.example/b"]);
  assert.deepEqual(links("https://a.example/b_(c)"), [
    "https://a.example/b_(c)",
  ]);
});

test("no other scheme is ever a link", () => {
  for (const text of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "JaVaScRiPt:https",
  ]) {
    assert.deepEqual(links(text), []);
  }
});

test("what is sent can be seen, and holds no control characters", () => {
  assert.equal(sendable("  a\r\nb\rc\vd \n"), "a\nb\nc\nd");
  assert.equal(sendable("a\u0000\u001b[1m\tb\u009f"), "a[1m\tb");
  assert.equal(sendable("\ud800x"), "x");
  assert.equal(sendable("👩‍👩‍👧‍👦 مرحبا"), "👩‍👩‍👧‍👦 مرحبا");

  for (const nothing of ["", " \n", "\u200b\u200d", "\u3164", "\u2800\u00ad"]) {
    assert.equal(sendable(nothing), "");
  }
});
