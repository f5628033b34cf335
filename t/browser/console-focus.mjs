// Copyright (C) ngx_chat_module contributors
//
// Whatever goes under the keyboard, by its own key or by news, one goes on
// nearby; who uses a mouse has nothing taken or given.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("the keyboard keeps its place", async (t) => {
  const { chat, browser, operator } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat);
  const { page } = operators;

  for (const name of ["One", "Two", "Three"]) {
    await operator.call("POST", "/admin/triggers", {
      name,
      text: "Hello",
      conditions: [],
    });
  }

  await visitor.say("By keys");
  await operators.logIn();

  /** By the keyboard: a script's focus counts as one of it after a key. */
  const enter = async (locator) => {
    await until("a button for it", () => locator.isEnabled());
    await page.keyboard.press("Shift+Tab");
    await locator.focus();
    await page.keyboard.press("Enter");
  };
  const focused = (selector) =>
    page.locator(selector).and(page.locator(":focus")).waitFor();
  const gone = (name) =>
    page.getByRole("heading", { name }).waitFor({ state: "detached" });

  await t.test("a row that goes leads to the next one", async () => {
    await operators.go("triggers");
    await enter(page.getByTitle("Actions: Two"));
    await page.locator(".popover-panel").waitFor();

    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Tab");
    }

    await focused(".menu .bad");
    await page.keyboard.press("Enter");
    await gone("Two");
    await focused('[title="Actions: Three"]');
  });

  await t.test("what is saved, or not, leaves it in the form", async () => {
    await operators.go("words");
    await page.getByLabel("Words and phrases").fill("casino");
    await enter(operators.button("Save"));
    await operators.notice.getByText(/./).first().waitFor();
    await focused(".page textarea");
    await page.getByLabel("Words and phrases").fill("casinos");
    await enter(operators.button("Cancel"));
    await focused(".page textarea");
  });

  await t.test("a banner that goes leads to what was below it", async () => {
    await operator.call("PUT", "/operator/presence", { status: "offline" });
    await operators.go("inbox");
    await enter(operators.button("Go online"));
    await page.locator(".absent").waitFor({ state: "detached" });
    await focused(".list .filter");
  });

  await t.test("in a conversation, to where one writes", async () => {
    await operators.openRow("By keys");
    await enter(page.locator(".profile-head button"));
    await focused(".thread textarea");

    await page.route("**/messages", (route) => route.fulfill({ status: 422 }));
    await operators.write("never sent");
    await enter(page.locator(".bubble-failed").getByText("Discard"));
    await page.locator(".bubble-failed").waitFor({ state: "detached" });
    await focused(".thread textarea");
    await page.unroute("**/messages");

    await page.keyboard.press("Escape");
    await focused(".thread .log");
  });

  await t.test("a mouse leaves it where it was", async () => {
    await operators.go("triggers");
    await page.getByTitle("Actions: Three").click();
    await page.locator(".menu .bad").click();
    await gone("Three");
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => done())),
    );
    assert.equal(
      await page.evaluate(() => document.activeElement.localName),
      "body",
    );
  });
});
