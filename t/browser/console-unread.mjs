// What is unread and what is unsent survive a reload of the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("unread counts and drafts outlive the page", async (t) => {
  const { chat, browser, operator } = await open(t);
  const anna = await Visitor.open(chat.origin);
  const bert = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat);
  const { page } = operators;
  const badge = (text) => operators.row(text).locator(".badge");

  await anna.say("Anna's first");
  await bert.say("Bert's first");
  await operators.logIn();

  await t.test("each message counts", async () => {
    await anna.say("Anna's second");
    await badge("Anna's second").getByText("2 unread").waitFor();
    await badge("Bert's first").getByText("1 unread").waitFor();
    await operators.waitForCalls(2);
  });

  await t.test("a draft is kept for each conversation", async () => {
    await operators.openRow("Anna's second");
    await operators.field.fill("For Anna");
    await operators.openRow("Bert's first");
    await operators.field.fill("For Bert");
    await operators.openRow("For Anna");
    assert.equal(await operators.field.inputValue(), "For Anna");

    await page.reload();
    await operators.thread.waitFor();
    assert.equal(await operators.field.inputValue(), "For Anna");
    assert.match(await operators.row("Draft: For Bert").textContent(), /Bert/);
  });

  await t.test("what was in view is read, for the visitor too", async () => {
    const conversation = await operator.conversationWith("Anna's second");

    await until("it to be read", async () => {
      return (await operator.conversation(conversation.id)).unread === 0;
    });
    await operators.row("For Anna").locator(".badge").waitFor({
      state: "detached",
    });
  });

  await t.test("what comes elsewhere is counted over a reload", async () => {
    await operators.button("Take").click();
    await operators.openRow("For Bert");
    await operators.button("Take").click();
    await operators.filter("Mine 2").click();
    await anna.say("Anna's third");
    await operators.waitForCalls(1);

    await page.reload();
    await operators.thread.waitFor();
    await operators.waitForCalls(1);
    await operators.openRow("For Anna");
    await operators.waitForText("Anna's third");
    await operators.waitForCalls(0);
  });

  await t.test("a sent draft is gone", async () => {
    await operators.field.press("Enter");
    await operators.waitForText("For Anna");
    await page.reload();
    await operators.waitForText("For Anna");
    assert.equal(await operators.field.inputValue(), "");
    assert.deepEqual(
      await operator.texts((await operator.conversationWith("For Anna")).id),
      ["Anna's first", "Anna's second", "Anna's third", "For Anna"],
    );
  });

  assert.deepEqual(operators.complaints, []);
});
