// Copyright (C) ngx_chat_module contributors
//
// A visitor who waits is heard once and stands in the title, in every page;
// the sound can be off.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { openConsole, Visitor } from "./lib/console.mjs";

/** In every page: the tones that would sound. */
function watched() {
  const start = AudioScheduledSourceNode.prototype.start;

  globalThis.tones = 0;
  AudioScheduledSourceNode.prototype.start = function (...args) {
    globalThis.tones += 1;
    return start.apply(this, args);
  };
}

test("what calls an operator", async (t) => {
  const { chat, browser } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const profile = await browser.profile();

  await profile.addInitScript(watched);

  const first = await openConsole(await profile.newPage(), chat);

  await first.logIn();
  await first.page.locator(".list").waitFor();

  const second = await openConsole(await profile.newPage(), chat);

  await second.page.locator(".list").click();

  const tones = async () => {
    const counts = await Promise.all(
      [first, second].map(({ page }) => page.evaluate(() => globalThis.tones)),
    );
    return counts[0] + counts[1];
  };

  await t.test("a new visitor sounds in one page, and is in all", async () => {
    const icon = () =>
      first.page.locator("link[rel=icon]").evaluate((node) => node.href);
    const before = await icon();

    await visitor.say("Hello");
    await first.waitForCalls(1);
    await second.waitForCalls(1);
    // two tones rise for a visitor
    await until("the sound", async () => (await tones()) === 2);
    assert.notEqual(await icon(), before, "the icon has a mark");
  });

  await t.test("who reads it has no number any more", async () => {
    await first.openRow("Hello");
    await first.button("Take").click();
    await first.waitForCalls(0);
    await second.waitForCalls(0);
  });

  await t.test("nothing sounds when it is off", async () => {
    const before = await tones();

    await first.button("Sound is on").click();
    await second.button("Sound is off").waitFor();
    await visitor.say("Are you there?");
    await first.waitForText("Are you there?");
    assert.equal(await tones(), before);
  });
});
