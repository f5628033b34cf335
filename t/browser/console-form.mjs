// An administrator sets what visitors are asked before a chat, and which words
// they may not write.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, open, until } from "./lib/browser.mjs";
import { openConsole, Visitor } from "./lib/console.mjs";

test("the form and the words", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile({
    bypassCSP: true,
    reducedMotion: "reduce",
  });
  const page = await profile.newPage();
  const admin = await openConsole(page, chat);

  await admin.logIn();
  await admin.go("form");

  const save = admin.button("Save");
  const items = page.locator(".form-item");
  const preview = page.locator(".stage .form");
  const stored = async () => (await operator.call("GET", "/admin/form")).form;
  const kinds = () =>
    items.locator("select").evaluateAll((all) => all.map(({ value }) => value));

  await t.test("fields come, and the preview shows them", async () => {
    await page.getByLabel("Asked of").selectOption("always");
    await admin.button("Add a field").click();
    await admin.button("Add a field").click();
    await admin.button("Add a field").click();
    assert.deepEqual(await kinds(), ["name", "email", "phone"]);
    await page.getByLabel("Words at the top").fill("Who are you?");
    await preview.getByText("Who are you?").waitFor();
    await preview.getByText("Your e-mail").waitFor();
    assert.equal((await stored()).ask, "never", "and nobody else sees it");
  });

  await t.test("what is not saved is not left by mistake", async () => {
    await page.getByRole("link", { name: "Words" }).click();
    await admin.dialog.getByText("Leave without saving?").waitFor();
    await page.keyboard.press("Enter");
    await admin.dialog.waitFor({ state: "detached" });
    assert.equal(
      await page.getByLabel("Words at the top").inputValue(),
      "Who are you?",
    );
  });

  await t.test("they move, go and come back by keyboard", async () => {
    await items.nth(2).getByRole("button", { name: "Move up" }).press("Enter");
    assert.deepEqual(await kinds(), ["name", "phone", "email"]);
    await page.waitForFunction(() =>
      document.activeElement?.closest(".form-item:nth-child(2)"),
    );
    await page.keyboard.press("Enter");
    assert.deepEqual(await kinds(), ["phone", "name", "email"]);
    await items.nth(0).getByRole("button", { name: "Remove" }).press("Enter");
    assert.deepEqual(await kinds(), ["name", "email"]);
    await page.waitForFunction(() =>
      document.activeElement?.closest(".form-item:nth-child(1)"),
    );
    await admin.button("Undo").press("Enter");
    assert.deepEqual(await kinds(), ["phone", "name", "email"]);
  });

  await t.test("a mistake is named, and not sent", async () => {
    await items.nth(0).locator("select").selectOption("choice");
    await save.click();
    await page.waitForFunction(
      () =>
        document.activeElement?.getAttribute("aria-invalid") === "true" &&
        document.activeElement.closest(".form-item:nth-child(1)"),
    );
    assert.equal((await stored()).ask, "never");
    await items.nth(0).getByLabel("Label (English)").fill("Topic");
    await items.nth(0).getByLabel("Choices").fill("One\nTwo\n");
    await preview.getByLabel("Topic").waitFor();
  });

  await t.test("saved is saved, and can be undone", async () => {
    await save.click();
    await admin.keepUndo();
    await until("it to be stored", async () => {
      const { ask, fields } = await stored();
      return ask === "always" && fields[0].choices.join() === "One,Two";
    });
    await page.addScriptTag({ path: AXE });

    const found = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ["violations"] }),
    );

    assert.deepEqual(
      found.violations.map(({ id }) => id),
      [],
    );
    await admin.button("Undo").click();
    await until(
      "it to be as before",
      async () => (await stored()).ask === "never",
    );
    await until(
      "the page to say so",
      async () => (await page.getByLabel("Asked of").inputValue()) === "never",
    );
    assert.ok(await save.isDisabled());
  });

  await t.test("answers stand beside the conversation", async () => {
    await operator.call("PUT", "/admin/form", {
      ask: "always",
      fields: [{ name: "a", type: "line", labels: { en: "Order number" } }],
    });

    const visitor = await Visitor.open(chat.origin);

    await visitor.fill([{ name: "a", value: "A-1009" }]);
    await visitor.say("Where is it?");
    await operator.call("PUT", "/admin/form", {});
    await admin.go("inbox");
    await admin.openRow("Where is it?");

    const beside = page.locator(".profile");

    if (!(await beside.isVisible())) {
      await admin.button("Details").click();
    }

    await beside.getByText("Order number").waitFor();
    await beside.getByText("A-1009").waitFor();
  });

  await t.test("words", async () => {
    const words = async () =>
      (await operator.call("GET", "/admin/words")).words;

    await admin.go("words");
    await page.getByLabel("Words and phrases").fill("casino\nfree money\n");
    await page.getByText("2 of 1000 lines.").waitFor();
    await page.getByLabel("A message with one of them").selectOption("hide");
    await save.click();
    await until("them to be stored", async () => {
      const { action, list } = await words();
      return action === "hide" && list === "casino\nfree money\n";
    });
    await page.getByLabel("Words and phrases").fill("x".repeat(101));
    await save.click();
    await page.getByText("At most 1000 lines of 100 characters").waitFor();
    await page.locator("[name=list][aria-invalid=true]").waitFor();
    assert.equal((await words()).list, "casino\nfree money\n");
  });

  await t.test("what there is to lose is known at once", async () => {
    // the very next thing to happen, before anything is painted
    const cancelAndLeave = () => {
      const buttons = [...document.querySelectorAll(".buttons button")];

      buttons.find((button) => button.textContent === "Cancel").click();
      setTimeout(() => location.assign("#/team"));
    };
    const typeAndLeave = () => {
      const area = document.querySelector("[name=list]");

      area.value = "poker";
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
      setTimeout(() => location.assign("#/form"));
    };

    await page.evaluate(cancelAndLeave);
    await page.getByRole("heading", { name: "Team" }).waitFor();
    assert.equal(await admin.dialog.count(), 0);
    await admin.go("words");
    await page.getByText("2 of 1000 lines.").waitFor();
    await page.evaluate(typeAndLeave);
    await admin.dialog.getByText("Leave without saving?").waitFor();
    await admin.button("Keep editing").click();
    assert.equal(
      await page.getByLabel("Words and phrases").inputValue(),
      "poker",
    );
    await admin.button("Cancel").click();
  });

  await t.test("what the browser has to say", () => {
    assert.deepEqual(
      admin.complaints.filter((text) => !/status of 422/.test(text)),
      [],
    );
  });
});
