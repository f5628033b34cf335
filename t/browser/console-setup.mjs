// The first account, and logging in and out.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";

test("the first account is made with the code of the server", async (t) => {
  const { chat, browser } = await open(t, { operator: false });
  const operators = await consoleOf(browser, chat);
  const { page } = operators;
  const field = (name) => page.getByLabel(name, { exact: true });
  const account = { login: "ada", password: "a long password" };

  await t.test("a wrong code is refused at its field", async () => {
    await page.getByRole("button", { name: /^First start/ }).click();
    await page.getByText("setup-code").waitFor();
    await field("Set-up code").fill("not-the-code");
    await field("Name").fill("Ada Lovelace");
    await field("Login").fill(account.login);
    await field("Password").fill("short");
    await operators.button("Create the account").click();
    await page.getByText("At least 10 characters.").waitFor();

    await field("Password").fill(account.password);
    await operators.button("Create the account").click();
    await page.getByText("This is not the code.").waitFor();
    assert.equal(
      await field("Set-up code").getAttribute("aria-invalid"),
      "true",
    );
  });

  await t.test("the right one makes an administrator", async () => {
    const code = await readFile(path.join(chat.state, "setup-code"), "utf8");

    await field("Set-up code").fill(code.trim());
    await operators.button("Create the account").click();
    await page.locator(".shell").waitFor();
    await page.getByRole("link", { name: "Team" }).waitFor();
  });

  await t.test("who is new is told of being offline, and what next", async () => {
    const desk = page.locator(".desk");

    await desk.getByRole("heading", { name: "You are offline" }).waitFor();
    await desk.getByRole("button", { name: "Go online" }).click();
    await desk.getByRole("heading", { name: "All quiet" }).waitFor();
    await desk
      .getByText('<script src="/chat/loader.js" async></script>')
      .waitFor();
    await page.getByText("Your status: Online").waitFor();
  });

  await t.test("there is only one first account", async () => {
    const other = await consoleOf(browser, chat);

    await other.page.getByRole("button", { name: /^First start/ }).click();
    for (const [name, text] of [
      ["Set-up code", "whatever"],
      ["Name", "Mallory"],
      ["Login", "mallory"],
      ["Password", "a long password"],
    ]) {
      await other.page.getByLabel(name, { exact: true }).fill(text);
    }
    await other.button("Create the account").click();
    await other.page.getByText("An account exists already").waitFor();
  });

  await t.test("one logs out, and in again", async () => {
    await page.getByRole("button", { name: "Ada Lovelace" }).click();
    await operators.button("Log out").click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();

    await field("Login").fill(account.login);
    await field("Password").fill("not the password");
    await operators.button("Log in").click();
    await page.getByText("The login or the password is wrong.").waitFor();

    await operators.logIn(account);
    await page.getByText("Nobody is waiting").waitFor();
  });

  await t.test("guessing is stopped, and the wait is counted", async () => {
    const guess = await consoleOf(browser, chat);

    await guess.page.getByLabel("Login", { exact: true }).fill("nobody");

    for (let i = 0; i < 30; i++) {
      const password = guess.page.getByLabel("Password", { exact: true });
      const answer = guess.page.waitForResponse("**/operator/session");

      await password.fill(`guess number ${i}`);
      await guess.button("Log in").click();

      if ((await answer).status() === 429) {
        break;
      }
    }

    await guess.page.getByText(/Too many attempts.+\d+ second/).waitFor();
    assert.ok(await guess.button("Log in").isDisabled());
  });
});
