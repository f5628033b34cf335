// A visitor in the widget and an operator in the console: two real pages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a visitor and an operator talk, page to page", async (t) => {
  const { chat, browser } = await open(t);
  const shop = await browser.page(`${chat.origin}/`);
  const complaints = watch(shop);
  const widget = widgetOf(shop);
  const operators = await consoleOf(browser, chat);
  const { page } = operators;

  await operators.logIn();

  await t.test("who writes is waiting, at once", async () => {
    await page.getByText("Nobody is waiting").waitFor();
    await widget.open();
    await widget.write("Is the tent in stock?");
    await operators.row("Is the tent in stock?").waitFor();
    await operators.filter("Waiting 1").waitFor();
    await operators.waitForCalls(1);
  });

  await t.test("the operator takes it and replies", async () => {
    await operators.openRow("Is the tent in stock?");
    await operators.button("Take").click();
    await operators.thread.getByText("took the conversation").waitFor();
    await operators.filter("Mine 1").waitFor();
    await operators.write(
      "It is: <b>three</b> of them.\n\nSee https://x.example/t?a=1",
    );
    await widget.waitForText(
      "It is: <b>three</b> of them.\n\nSee https://x.example/t?a=1",
    );
  });

  await t.test("times are those of the browser's region", async () => {
    const opened = page.locator(".profile .fact", { hasText: "Opened" });

    assert.match(
      await opened.locator("dd").textContent(),
      /^\d{1,2} \w+ \d{4}, \d\d:\d\d$/,
    );
  });

  await t.test("the operator sees that it was read", async () => {
    await operators.thread.getByText("Read", { exact: true }).waitFor();
  });

  await t.test("the operator sees what the visitor types", async () => {
    await widget.field.pressSequentially("Then one for", { delay: 10 });

    const draft = operators.page.locator(".preview");

    await draft.waitFor();
    assert.ok((await draft.boundingBox()).height < 100, "a bubble of a line");
    await widget.write("Then one for me, please");
    await operators.waitForText("Then one for me, please");
    await operators.page.locator(".preview").waitFor({ state: "detached" });
  });

  await t.test("screen readers hear what comes, once", async () => {
    const heard = page.locator("#incoming");

    await heard
      .filter({ hasText: "Then one for me, please" })
      .waitFor({ state: "attached" });
    assert.doesNotMatch(await heard.textContent(), /three/);
  });

  await t.test("the operator ends it, after a question", async () => {
    await operators.button("End").click();
    await operators.dialog.getByText("cannot be opened again").waitFor();
    await operators.button("End conversation").click();
    await operators.thread.getByText("This conversation has ended.").waitFor();
    await operators.filter("Closed").click();
    await operators.row("Then one for me, please").waitFor();
  });

  await t.test("a new message opens a new conversation", async () => {
    await shop.getByRole("button", { name: "Start a new one" }).click();
    await widget.write("One more thing");
    await operators.filter("Waiting 1").click();
    await operators.row("One more thing").waitFor();
  });

  assert.deepEqual(complaints, []);
  assert.deepEqual(operators.complaints, []);
});
