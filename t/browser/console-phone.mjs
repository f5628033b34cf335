// On a phone there is one thing at a time: the list, then the thread.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("the console fits a phone", async (t) => {
  const { chat, browser } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = operators;

  await visitor.say("Hello from the train");
  await operators.logIn();
  await operators.row("Hello from the train").tap();
  await operators.waitForText("Hello from the train");
  assert.equal(await page.locator(".row").count(), 0, "the list made room");

  const cut = await operators.thread
    .locator(".thread-who :is(h2, .chip)")
    .evaluateAll((all) =>
      all
        .filter((node) => node.scrollWidth > node.clientWidth)
        .map((node) => node.textContent),
    );

  assert.deepEqual(cut, [], "who it is, and since when, is read in full");

  await operators.write("Hello to the train");
  await operators.waitForText("Hello to the train");

  const size = await operators.field.evaluate((field) =>
    Number.parseFloat(getComputedStyle(field).fontSize),
  );

  assert.ok(size >= 16, "no zoom when it gets the focus");

  await operators.button("Details").tap();
  await page.getByRole("complementary").getByText("Conversation").waitFor();
  await page.getByRole("complementary").getByLabel("Close").tap();

  await operators.button("Back to the list").tap();
  await operators.filter("Mine 1").tap();
  await operators.row("Hello to the train").waitFor();

  await page.goBack();
  await operators.waitForText("Hello to the train");
});
