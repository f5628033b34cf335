// Copyright (C) ngx_chat_module contributors
//
// Back brings the page from the browser's cache, and it has missed nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a page from the back-forward cache", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);

  await page.evaluate(() => {
    addEventListener("pageshow", (event) => {
      window.fromCache = event.persisted;
    });
  });
  await widget.open();
  await widget.write("before");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("before");

  // the page that rests leads no more: one of the same origin can
  await page.goto(`${chat.origin}/about.html`);
  await until("one lock of those who lead", () =>
    page.evaluate(async () => {
      const { held, pending } = await navigator.locks.query();

      return (
        held.filter(({ name }) => name.startsWith("chat:")).length === 1 &&
        pending.length === 0
      );
    }),
  );
  await operator.say(id, "on the other page");
  await widget.waitForText("on the other page");
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => window.fromCache !== undefined);
  assert.equal(await page.evaluate(() => window.fromCache), true);

  await widget.waitForText("on the other page");
  await operator.say(id, "and back");
  await widget.waitForText("and back");
  assert.deepEqual(await widget.texts(), await operator.texts(id));
});
