// Copyright (C) ngx_chat_module contributors
//
// An operator invites somebody from the list of who is on the site; the
// visitor sees it with the next page, says yes, and the console shows that
// the conversation is proactive.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";
import { FOLLOWED, PERSON } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("an invitation by hand", async (t) => {
  const { chat, browser } = await open(t, { config: FOLLOWED });
  const profile = await browser.profile({ userAgent: PERSON });
  const visitor = await profile.newPage();
  const complaints = watch(visitor);

  await visitor.goto(`${chat.origin}/gear/tent.html`);

  const one = await consoleOf(browser, chat);
  const { page, dialog } = one;

  await one.logIn();
  await page.getByRole("link", { name: "Visitors" }).click();
  await page.locator(".visitors tbody tr button").first().click();

  const invite = dialog.getByRole("button", { name: "Invite" });

  await invite.click();
  await dialog.getByText("Write what the visitor is to read.").waitFor();

  if (process.env.CHAT_SHOTS) {
    await page.screenshot({ path: `${process.env.CHAT_SHOTS}/invite.png` });
  }

  await dialog.getByLabel("Invite to chat").fill("May I help you?");
  await invite.click();
  await page.getByText("Invited: shown now, or with their next page.").waitFor();
  await page.locator(".visitors").getByText("Invited").waitFor();

  // once: the dialog offers it no more

  await page.locator(".visitors tbody tr button").first().click();
  await dialog.getByText("Pages of this visit").waitFor();
  assert.equal(await invite.count(), 0);
  await page.keyboard.press("Escape");

  await visitor.goto(`${chat.origin}/about.html`);
  await visitor.locator(".invite-open").getByText("May I help you?").waitFor();

  if (process.env.CHAT_SHOTS) {
    await visitor.screenshot({ path: `${process.env.CHAT_SHOTS}/box.png` });
  }

  await visitor.locator(".invite-open").click();

  const widget = widgetOf(visitor);

  await widget.write("yes, please");
  await widget.waitForMark("Sent");

  await page.getByRole("link", { name: "Inbox" }).first().click();
  await page.getByText("yes, please").first().click();
  await page.locator(".thread-who").getByText("Proactive").waitFor();

  assert.deepEqual(complaints, []);
});
