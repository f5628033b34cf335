// Copyright (C) ngx_chat_module contributors
//
// A troll is blocked with one click, and let in again with another; networks
// are blocked from their page, where all of it can be found.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

test("an operator blocks", async (t) => {
  const { chat, browser, operator } = await open(t);
  const operators = await consoleOf(browser, chat);
  const { page, dialog, notice, thread } = operators;
  const line = (name) => page.getByRole("row").filter({ hasText: name });
  const picture = async (name) => {
    if (process.env.CHAT_PICTURES) {
      await page.screenshot({
        path: `${process.env.CHAT_PICTURES}/${name}.png`,
        animations: "disabled",
      });
    }
  };
  const troll = await Visitor.open(chat.origin);
  const other = await Visitor.open(chat.origin);

  await troll.say("you are all fools");
  await other.say("where is my order?");
  await operators.logIn();

  await t.test("nobody is blocked at first", async () => {
    await operators.go("blocks");
    await page.getByRole("heading", { name: "Nobody is blocked" }).waitFor();
    await picture("empty");
  });

  await t.test("with one click, and undone with another", async () => {
    await operators.go("inbox");
    await operators.openRow("you are all fools");
    await operators.button("Block the visitor").click();
    await notice.getByText(/is blocked/).waitFor();
    await thread.getByText("Blocked", { exact: true }).waitFor();
    await picture("blocked");

    await troll.say("can you hear me?");
    await other.say("it is number 7");
    await operators.row("it is number 7").waitFor();
    assert.equal(
      await operators.row("can you hear me?").count(),
      0,
      "nothing of it is in the list",
    );
    assert.deepEqual(await operators.texts(), ["you are all fools"]);

    const above = await notice.boundingBox();
    const head = await thread.locator(".thread-head").boundingBox();

    assert.ok(above.y + above.height <= head.y, "it covers nothing of it");

    await notice.getByRole("button", { name: "Undo" }).press("Enter");
    await notice.getByText(/is let in again/).waitFor();
    await thread
      .getByRole("button", { name: "Block the visitor" })
      .and(page.locator(":focus"))
      .waitFor();
    await thread.getByText("Blocked", { exact: true }).waitFor({
      state: "detached",
    });

    await troll.say("and now?");
    await operators.waitForTexts(["you are all fools", "and now?"]);
  });

  await t.test("by the keyboard, and after a reload it shows", async () => {
    await page.locator(".thread.active .log").focus();
    await page.keyboard.press("b");
    await thread.getByText("Blocked", { exact: true }).waitFor();
    await page.reload();
    await thread.getByText("Blocked", { exact: true }).waitFor();
    assert.equal(
      await operators.button("Unblock").getAttribute("aria-pressed"),
      "true",
    );
  });

  await t.test("a network, with what is wrong with it", async () => {
    await operators.go("blocks");
    await line("Visitor").waitFor();
    await operators.button("Block a network").click();
    await operators.button("Block").click();
    await dialog.getByText("Please fill this in.").waitFor();

    await dialog.getByLabel("Address or network").fill("example.com");
    await operators.button("Block").click();
    await dialog.getByText(/must be an address/).waitFor();

    await dialog.getByLabel("Address or network").fill("203.0.113.9/24");
    await dialog.getByLabel("Reason").fill("a flood of nonsense");
    await picture("form");
    await operators.button("Block").click();
    await dialog.waitFor({ state: "detached" });
    await line("203.0.113.0/24").getByText("a flood of nonsense").waitFor();
    await picture("list");
  });

  await t.test("found, lifted, and kept as history", async () => {
    const search = page.getByRole("searchbox", { name: "Search" });

    await search.fill("flood");
    await line("Visitor").waitFor({ state: "detached" });
    await search.fill("nothing like that");
    await page.getByRole("heading", { name: "Nothing found" }).waitFor();
    await search.fill("");
    await line("Visitor").waitFor();

    await line("203.0.113.0/24")
      .getByRole("button", { name: /^Unblock/ })
      .press("Enter");
    await line("203.0.113.0/24").waitFor({ state: "detached" });
    await line("Visitor").locator(".button:focus").waitFor();

    await operators.filter("Past").click();
    await line("203.0.113.0/24")
      .getByText(/^Lifted by/)
      .waitFor();
    await until("two that were lifted", async () => {
      const rows = await page.locator(".blocks tbody tr").count();
      return rows === 2;
    });
    await operators.filter("All").click();
    await line("For good").waitFor();
    await picture("all");

    await page.setViewportSize({ width: 390, height: 844 });
    await picture("phone");
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > innerWidth,
    );
    assert.equal(wide, false, "nothing sticks out on a phone");
  });

  await t.test("what a block stops raises its number", async () => {
    const met = async (name) => {
      await page.reload();
      return Number(await line(name).locator("td.tabular").innerText());
    };
    const before = await met("Visitor");

    await troll.say("hello?");
    await troll.say("is this thing on?");
    await becomes("two hidden", () => met("Visitor"), before + 2);

    const { block } = await operator.call("POST", "/operator/blocks", {
      network: "127.0.0.0/24",
      mode: "refuse",
      reason: "to be counted",
    });

    assert.equal(await met("127.0.0.0/24"), 0);

    for (let refused = 1; refused <= 3; refused++) {
      await assert.rejects(other.say("and me?"), /: 403 /);
      await becomes("one more", () => met("127.0.0.0/24"), refused);
    }

    await operator.call("DELETE", `/operator/blocks/${block.id}`);
  });

  assert.deepEqual(
    operators.complaints.filter((text) => !/status of 422/.test(text)),
    [],
  );
});
