// Reloads of nginx in the middle of a talk: nothing lost, nothing twice.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("a reload of nginx goes unnoticed", async (t) => {
  const { chat, browser, operator } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat);
  const expected = ["Hello"];

  await visitor.say("Hello");
  await operators.logIn();
  await operators.openRow("Hello");

  for (let round = 1; round <= 3; round++) {
    await chat.reload();
    await visitor.say(`visitor ${round}`);
    expected.push(`visitor ${round}`);
    await operators.waitForTexts(expected);

    await operators.write(`operator ${round}`);
    expected.push(`operator ${round}`);
    await operators.waitForTexts(expected);
    await operators.page
      .locator(".bubble.pending")
      .waitFor({ state: "detached" });
  }

  const { id } = await operator.conversationWith("Hello");

  assert.deepEqual(await operator.texts(id), expected);
  assert.equal(await operators.page.locator(".banner").count(), 0);
});
