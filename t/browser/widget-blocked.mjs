// Copyright (C) ngx_chat_module contributors
//
// What a visitor sees who is blocked: that the chat is not for them, or
// nothing but a server that does not answer; and that it is over when it is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { FOLLOWED } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a visitor who is blocked", async (t) => {
  const { chat, browser, operator } = await open(t, { config: FOLLOWED });

  /** A visitor who has said something, and a way to block and to forgive. */
  async function visitor(text) {
    const profile = await browser.profile();
    const page = await profile.newPage();
    const complaints = watch(page);
    const widget = widgetOf(page);
    let number;

    await page.goto(`${chat.origin}/`);
    await widget.open();
    await widget.write(text);
    await widget.waitForMark("Sent");

    const { id } = await operator.conversationWith(text);

    return {
      page,
      widget,
      id,
      complaints,
      block: async (mode) => {
        const { block } = await operator.call("POST", "/operator/blocks", {
          conversation: id,
          mode,
        });

        number = block.id;
      },
      forgive: () => operator.call("DELETE", `/operator/blocks/${number}`),
    };
  }

  await t.test("refused, it is told so, and offered nothing", async () => {
    const { page, widget, id, complaints, block, forgive } =
      await visitor("I am refused");
    const told = page.getByText("This chat is not available to you");

    await block("refuse");
    await told.waitFor();
    // Escape still closes it: the focus went with the composer
    await page.locator(".panel:focus").waitFor();
    assert.equal(await page.locator(".composer, .log, .end").count(), 0);
    assert.equal(await page.locator(".panel .status, .banner").count(), 0);

    // the same on the next page, at once, and the page itself is well
    await page.goto(`${chat.origin}/about.html`);
    await told.waitFor();
    await page.locator(".header .round").click();
    await widget.panel.waitFor({ state: "hidden" });
    assert.equal(await page.locator(".badge:visible").count(), 0);

    // let in again, it has lost nothing
    await forgive();
    await widget.open();
    await widget.waitForText("I am refused");
    await widget.write("and back");
    await widget.waitForMark("Sent");
    assert.deepEqual(await operator.texts(id), ["I am refused", "and back"]);
    assert.deepEqual(
      complaints.filter((text) => !/status of 403/.test(text)),
      [],
    );
  });

  await t.test("what was being sent is not lost, nor delivered", async () => {
    const { page, widget, id, block, forgive } = await visitor("I am quick");
    const MESSAGES = "**/api/v1/visitor/messages";

    // on its way when the block comes
    await page.route(MESSAGES, async (route) => {
      await block("refuse");
      await route.continue();
    });
    await widget.write("one more");
    await page.getByText("This chat is not available to you").waitFor();
    await page.unroute(MESSAGES);
    assert.deepEqual(await operator.texts(id), ["I am quick"]);

    await forgive();
    await page.reload();
    await page.locator(".meta.failed").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await widget.waitUntilSent();
    assert.deepEqual(await operator.texts(id), ["I am quick", "one more"]);
  });

  await t.test("closed, it looks like a network that is gone", async () => {
    const { page, widget, id, block, forgive } = await visitor("I am closed");

    await block("close");
    await widget.write("hello?");
    await page.locator(".meta.waiting").getByText("Not sent yet").waitFor();

    await page.goto(`${chat.origin}/about.html`);
    await page.getByText("The chat can’t be opened").waitFor();
    assert.equal(
      await page.getByText("This chat is not available to you").count(),
      0,
    );
    assert.deepEqual(await operator.texts(id), ["I am closed"]);

    await forgive();
    await widget.tryAgain();
    await widget.waitForText("hello?");
    await widget.waitUntilSent();
    assert.deepEqual(await operator.texts(id), ["I am closed", "hello?"]);
  });

  await t.test("a ghost sees nothing of it", async () => {
    const { page, widget, id, block } = await visitor("I am a ghost");

    await block("ghost");
    await widget.write("can you hear me?");
    await widget.waitForMark("Sent");
    await page.goto(`${chat.origin}/about.html`);
    await widget.waitForText("can you hear me?");
    assert.equal(await widget.sendButton.isVisible(), true);
    assert.deepEqual(await operator.texts(id), ["I am a ghost"]);
  });
});
