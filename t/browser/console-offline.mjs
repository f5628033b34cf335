// A server that is away: replies wait, in order, and go out once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("replies wait for the server, over a reload of the page", async (t) => {
  const { chat, browser, operator } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat);
  const { page } = operators;

  await visitor.say("Hello");
  await operators.logIn();
  await operators.openRow("Hello");
  await operators.waitForText("Hello");

  await t.test("the console says so, and keeps what is written", async () => {
    await chat.stop();
    await operators.write("one");
    await operators.write("two");
    await operators.waitForTexts(["Hello", "one", "two"]);
    await page.locator(".banner").getByText("No connection").waitFor();
    await page.getByText("Not sent yet").first().waitFor();
  });

  await t.test("it goes out once, in order", async () => {
    await chat.start();
    await page
      .locator(".bubble.pending")
      .first()
      .waitFor({ state: "detached", timeout: 60_000 });
    await page.locator(".bubble.pending").waitFor({
      state: "detached",
      timeout: 60_000,
    });
    await page.locator(".banner").waitFor({ state: "detached" });

    const { id } = await operator.conversationWith("Hello");

    assert.deepEqual(await operator.texts(id), ["Hello", "one", "two"]);
    assert.deepEqual(await operators.texts(), ["Hello", "one", "two"]);
  });

  await t.test("a browser without a network says so at once", async () => {
    await page.context().setOffline(true);
    await page.locator(".banner").getByText("No connection").waitFor();
    await operators.write("three");
    await page.context().setOffline(false);
    await page.locator(".banner").waitFor({ state: "detached" });
    await page.locator(".bubble.pending").waitFor({ state: "detached" });
    await operators.waitForTexts(["Hello", "one", "two", "three"]);
  });
});
