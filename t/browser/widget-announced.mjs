// Copyright (C) ngx_chat_module contributors
//
// What a screen reader says by itself: each message that comes in, once. What
// was said before is there to be read, and silent.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open, scroll, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const LIVE = "[aria-live], [role=log], [role=status], [role=alert], output";

test("what is announced", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);
  const region = page.locator("[aria-live=polite]");

  /** From now on, in the order in which it is put there. */
  const listen = () =>
    region.evaluate((node) => {
      globalThis.announced = [];
      new MutationObserver((changes) => {
        for (const { type, addedNodes, target } of changes) {
          const said = type === "childList" ? [...addedNodes] : [target];

          globalThis.announced.push(...said.map((one) => one.textContent));
        }
      }).observe(node, { childList: true, characterData: true, subtree: true });
    });
  const announced = () =>
    page.evaluate(() => globalThis.announced.filter((text) => text !== ""));
  const name = chat.operator.name;

  await widget.open();

  await t.test("one region is live, and the log is not in it", async () => {
    const live = await page
      .locator(LIVE)
      .evaluateAll((nodes) => nodes.map((node) => node.outerHTML));

    assert.equal(live.length, 1, live.join("\n"));
    assert.equal(
      await widget.log.locator("xpath=ancestor::*[@aria-live]").count(),
      0,
    );
    assert.equal(await region.isVisible(), true, "there before it is needed");
  });

  await listen();
  await widget.write("hello");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("hello");

  await t.test(
    "each message that comes in, once; one's own never",
    async () => {
      for (const text of ["one", "two", "three", "four", "five"]) {
        await operator.say(id, text);
        await widget.waitForText(text);
      }

      await widget.write("and mine");
      await widget.waitForMark("Sent");
      await becomes(
        "each of them",
        announced,
        ["one", "two", "three", "four", "five"].map(
          (text) => `${name}: ${text}`,
        ),
      );
      assert.ok((await region.locator("p").count()) <= 3, "it does not grow");
    },
  );

  await t.test("closed and opened again, nothing is repeated", async () => {
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
    await widget.open();
    assert.equal((await announced()).length, 5);
  });

  await t.test("nor on the next page, where all of it is history", async () => {
    for (let i = 0; i < 100; i++) {
      await operator.say(id, `a line of many: ${i}`);
    }

    await page.goto(`${chat.origin}/about.html`);
    await widget.waitForText("a line of many: 99");
    assert.equal(await region.textContent(), "");

    await listen();

    const shown = (await widget.texts()).length;

    await scroll(widget.log, 0);
    await until("older ones", async () => {
      return (await widget.texts()).length > shown;
    });
    assert.deepEqual(await announced(), [], "older ones are silent");

    await operator.say(id, "news");
    await widget.log.getByText("news", { exact: true }).waitFor();
    await becomes("the news", announced, [`${name}: news`]);
  });
});
