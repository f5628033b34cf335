// One's own account: password, language, appearance, keys.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";

test("an operator sets the console up", async (t) => {
  const { chat, browser } = await open(t);
  const operators = await consoleOf(browser, chat);
  const { page } = operators;
  const field = (name) => page.getByLabel(name, { exact: true });

  await operators.logIn();
  await operators.go("account");

  await t.test("the password changes, for who knows it", async () => {
    await field("Current password").fill("not this one");
    await field("New password").fill("a brand new password");
    await operators.button("Change password").click();
    await page.getByText("This is not your password.").waitFor();
    assert.equal(await operators.dialog.count(), 0, "the session goes on");

    await field("Current password").fill(chat.operator.password);
    await operators.button("Change password").click();
    await operators.notice.getByText("Your password is changed.").waitFor();
    await until("an empty field", async () => {
      return (await field("Current password").inputValue()) === "";
    });

    const again = await consoleOf(browser, chat);

    await again.logIn({ ...chat.operator, password: "a brand new password" });
  });

  await t.test("the page speaks three languages, and stays so", async () => {
    for (const [name, heading] of [
      ["fr", "Compte"],
      ["de", "Konto"],
      ["en", "Account"],
    ]) {
      await page.locator("select").selectOption(name);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      await page.locator(`html[lang=${name}]`).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    }
  });

  await t.test("dark is dark, in every page of the browser", async () => {
    const background = () =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();

    await operators.button("Dark").click();
    await until("dark", async () => (await background()) !== light);

    const other = await page.context().newPage();

    await other.goto(page.url());
    await other.getByRole("button", { name: "Light" }).click();
    await until("light here, too", async () => (await background()) === light);
    await other.close();
  });

  await t.test("a key can be another, but not two things", async () => {
    const key = (name) =>
      page.getByRole("button", { name: `Key for “${name}”` });

    await key("Next conversation").click();
    await page.keyboard.press("k");
    await operators.notice.getByText("“k” is taken").waitFor();

    await key("Next conversation").click();
    await page.keyboard.press("n");
    await key("Next conversation").getByText("n", { exact: true }).waitFor();
    await operators.button("Reset to defaults").click();
    await key("Next conversation").getByText("j", { exact: true }).waitFor();
  });
});
