// An administrator manages the accounts.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("an administrator manages the team", async (t) => {
  const { chat, browser, operator } = await open(t);
  const admin = await consoleOf(browser, chat);
  const { page, dialog } = admin;
  const field = (name) => dialog.getByLabel(name, { exact: true });
  const line = (name) => page.getByRole("row").filter({ hasText: name });
  const act = async (name, action) => {
    await line(name)
      .getByRole("button", { name: /^Actions/ })
      .click();
    await admin.button(action).click();
  };
  const lea = { login: "lea", password: "a long password" };
  let colleague;

  await admin.logIn();
  await admin.go("team");

  await t.test("a new account can log in", async () => {
    await admin.button("Add account").click();
    await field("Name").fill("Léa Dubois");
    await field("Login").fill(chat.operator.login);
    await field("Password").fill(lea.password);
    await admin.button("Create account").click();
    await dialog.getByText("This login is taken.").waitFor();

    await field("Login").fill(lea.login);
    await admin.button("Create account").click();
    await dialog.waitFor({ state: "detached" });
    await line("Léa Dubois").getByText("Agent").waitFor();

    colleague = await consoleOf(browser, chat);
    await colleague.logIn(lea);
    assert.equal(
      await colleague.page.getByRole("link", { name: "Team" }).count(),
      0,
      "agents have no team page",
    );
    await line("Léa Dubois").getByText("Offline").waitFor();
    await colleague.button("Go online").click();
    await line("Léa Dubois").getByText("Online").waitFor();
  });

  await t.test("names and roles change", async () => {
    await act("Léa Dubois", "Edit");
    await field("Name").fill("Léa Martin");
    await dialog.getByLabel(/^Supervisor/).check();
    await admin.button("Save").click();
    await line("Léa Martin").getByText("Supervisor").waitFor();
  });

  await t.test("the last administrator stays one", async () => {
    await act(chat.operator.login, "Edit");
    await dialog.getByLabel(/^Agent/).check();
    await admin.button("Save").click();
    await dialog.getByText("This is the last administrator").waitFor();
    await admin.button("Cancel").click();
  });

  await t.test("a disabled account is out, its chats wait", async () => {
    const visitor = await Visitor.open(chat.origin);

    await visitor.say("Hello");
    await colleague.openRow("Hello");
    await colleague.button("Take").click();
    await colleague.filter("Mine 1").waitFor();

    await act("Léa Martin", "Disable account");
    await dialog.getByText("its open conversations go back").waitFor();
    await admin.button("Disable account").click();
    await line("Léa Martin").getByText("Disabled").waitFor();
    await colleague.dialog.getByText("Your session has ended").waitFor();

    const conversation = await operator.conversationWith("Hello");

    assert.equal(conversation.state, "waiting");
    assert.equal(conversation.operator, null);
  });

  await t.test("and back in, with a new password", async () => {
    await act("Léa Martin", "Enable account");
    await line("Léa Martin").getByText("Disabled").waitFor({
      state: "detached",
    });
    await act("Léa Martin", "Set a new password");
    await field("New password").fill("another long password");
    await admin.button("Set password").click();
    await dialog.waitFor({ state: "detached" });

    const again = await consoleOf(browser, chat);

    await again.logIn({ ...lea, password: "another long password" });
  });
});
