// A session that ends under someone's hands takes nothing with it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("an ended session asks for the password, and goes on", async (t) => {
  const { chat, browser, operator } = await open(t);
  const lea = await chat.account({
    login: "lea",
    name: "Léa Dubois",
    password: "a long password",
  });
  const visitor = await Visitor.open(chat.origin);
  const operators = await consoleOf(browser, chat);

  await visitor.say("Hello");
  await operators.logIn(lea);
  await operators.openRow("Hello");
  await operators.button("Take").click();
  await operators.field.fill("half a sen");

  // the administrator sets a new password, which ends the sessions
  await operator.call("PUT", `/admin/operators/${lea.id}/password`, {
    password: "another long password",
  });
  await operators.field.press("Enter");
  await operators.dialog.getByText("Your session has ended").waitFor();
  // who it was is known already
  await operators.dialog.locator("input[name=password]:focus").waitFor();

  await operators.dialog
    .getByLabel("Password", { exact: true })
    .fill("another long password");
  await operators.button("Log in").click();
  await operators.dialog.waitFor({ state: "detached" });

  // the news may have been quicker than the key: then it is a draft still
  if (await operators.field.inputValue()) {
    await operators.field.press("Enter");
  }

  await operators.thread.getByText("Sent", { exact: true }).waitFor();
  await visitor.say("Still there?");
  await operators.waitForTexts(["Hello", "half a sen", "Still there?"]);

  const { id } = await operator.conversationWith("Hello");

  assert.deepEqual(
    (await operator.texts(id)).filter((text) => text === "half a sen"),
    ["half a sen"],
  );
});
