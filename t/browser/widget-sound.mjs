// A soft sound: once for all tabs, and not when muted.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("the sound of what comes in", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();

  await profile.addInitScript(() => {
    window.sounds = 0;
    window.heard = 0;
    document.addEventListener("chat:message", () => window.heard++);

    const start = OscillatorNode.prototype.start;

    OscillatorNode.prototype.start = function (at) {
      window.sounds++;
      return start.call(this, at);
    };
  });

  const tab = async () => {
    const page = await profile.newPage();

    await page.goto(`${chat.origin}/`);
    return page;
  };
  const sum = async (name, pages) => {
    const all = await Promise.all(
      pages.map((page) => page.evaluate((key) => window[key], name)),
    );

    return all.reduce((a, b) => a + b, 0);
  };
  const first = await tab();
  const widget = widgetOf(first);

  await widget.open();
  await widget.write("hello");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("hello");
  const heardBy = async (page, text) => {
    const before = await page.evaluate(() => window.heard);

    await operator.say(id, text);
    await page.waitForFunction((n) => window.heard > n, before);
  };

  await t.test("none while the chat is looked at", async () => {
    await heardBy(first, "seen");
    assert.equal(await sum("sounds", [first]), 0);
  });

  await t.test("two notes in one of two tabs, when it is closed", async () => {
    await first.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });

    const second = await tab();

    await second.locator("main").click({ position: { x: 2, y: 2 } });
    await heardBy(second, "one");
    await until(
      "a sound",
      async () => (await sum("sounds", [first, second])) === 2,
    );
    await heardBy(second, "two");
    await until(
      "another one",
      async () => (await sum("sounds", [first, second])) === 4,
    );
    await second.close();
  });

  await t.test("none when the visitor wants none, and it is kept", async () => {
    const mute = first.getByRole("button", { name: "Sound" });
    const before = await sum("sounds", [first]);

    await first.bringToFront();
    await widget.open();
    await mute.click();
    await first.keyboard.press("Escape");
    await heardBy(first, "three");
    await widget.open();
    assert.equal(await mute.getAttribute("aria-pressed"), "false");

    // the next one is the only one that sounds
    await mute.click();
    await first.keyboard.press("Escape");
    await heardBy(first, "four");
    await until("a sound", async () => (await sum("sounds", [first])) > before);
    assert.equal(await sum("sounds", [first]), before + 2);

    await widget.open();
    await mute.click();
    await first.reload();
    await mute.waitFor();
    assert.equal(await mute.getAttribute("aria-pressed"), "false");
  });
});
