// The keyboard alone is enough, and never acts while someone types.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("the console is worked by keys alone", async (t) => {
  const { chat, browser, operator } = await open(t);
  const { origin } = chat;
  const names = ["first", "second", "third"];

  for (const name of names) {
    await (await Visitor.open(origin)).say(`The ${name} question`);
  }

  const operators = await consoleOf(browser, chat);
  const { page } = operators;
  const { keyboard } = page;
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent ?? "");

  await t.test("log in", async () => {
    await page.getByLabel("Login", { exact: true }).waitFor();
    await keyboard.type(chat.operator.login);
    await keyboard.press("Tab");
    await keyboard.type(chat.operator.password);
    await keyboard.press("Enter");
    await operators.rows.nth(2).waitFor();
  });

  await t.test("go through the list, open, take, reply", async () => {
    // who waits longest is on top
    await keyboard.press("j");
    await until("the first", async () => /first/.test(await focused()));
    await keyboard.press("j");
    await until("the second", async () => /second/.test(await focused()));
    await keyboard.press("k");
    await keyboard.press("Enter");
    await operators.waitForText("The first question");
    await keyboard.press("t");
    await operators.thread.getByText("took the conversation").waitFor();
    await keyboard.press("r");
    await keyboard.type("jkte? yes");
    await keyboard.press("Shift+Enter");
    await keyboard.type("and more");
    await keyboard.press("Enter");
    await operators.waitForText("jkte? yes\nand more");
    assert.equal(await operators.dialog.count(), 0, "typing is only typing");
  });

  await t.test("an input method's Enter sends nothing", async () => {
    await operators.field.evaluate((field) => {
      field.value = "にほん";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "Enter",
          isComposing: true,
          bubbles: true,
          cancelable: true,
        }),
      );
    });
    assert.equal(await operators.field.inputValue(), "にほん");
    await operators.field.fill("");
    await keyboard.press("Escape");
  });

  await t.test("the palette finds, tabs switch", async () => {
    await keyboard.press("Control+k");
    await page.locator(".palette input").waitFor();
    await keyboard.type("second");
    await keyboard.press("Enter");
    await operators.waitForText("The second question");
    await keyboard.press("Alt+1");
    await operators.waitForText("The first question");
  });

  await t.test("end, after a question", async () => {
    await keyboard.press("e");
    await operators.dialog.waitFor();
    await keyboard.press("Escape");
    await operators.dialog.waitFor({ state: "detached" });
    await keyboard.press("e");
    await operators.dialog.waitFor();
    await keyboard.press("Enter");
    await until("the end", async () => {
      const { state } = await operator.conversationWith("The first question");
      return state === "closed";
    });
  });

  await t.test("help shows the keys, and they can be off", async () => {
    await keyboard.press("?");
    await operators.dialog.getByText("Next conversation").waitFor();
    await keyboard.press("Escape");
    await operators.dialog.waitFor({ state: "detached" });

    await operators.go("account");
    await page.getByLabel("Use single-key shortcuts").uncheck();
    await operators.go("inbox");
    await operators.rows.first().waitFor();
    await keyboard.press("?");
    await keyboard.press("j");
    assert.equal(await operators.dialog.count(), 0);
    assert.doesNotMatch(await focused(), /^The/);
  });
});
