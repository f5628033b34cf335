// Copyright (C) ngx_chat_module contributors
//
// What calls a visitor who does not look at the chat: a number on the button
// and in the title of every tab, a sound where the browser permits one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lookAway, mayLookAway, open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("what calls a visitor", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();

  await mayLookAway(profile);
  await profile.addInitScript(() => {
    const Real = globalThis.AudioContext;

    globalThis.players = 0;
    globalThis.heard = 0;
    globalThis.AudioContext = class extends Real {
      constructor() {
        super();
        globalThis.players += 1;
      }
    };
    document.addEventListener("chat:message", () => {
      globalThis.heard += 1;
    });
  });

  async function tab(path) {
    const page = await profile.newPage();

    await page.goto(`${chat.origin}/${path}`);
    return { page, widget: widgetOf(page), own: await page.title() };
  }

  const first = await tab("");

  await first.widget.open();
  await first.widget.write("hello");
  await first.widget.waitForMark("Sent");
  await first.page.keyboard.press("Escape");

  const { id } = await operator.conversationWith("hello");
  const tabs = [first, await tab("about.html"), await tab("product.html")];
  const [, second, third] = tabs;

  const badges = (text) =>
    Promise.all(
      tabs.map(({ widget }) =>
        widget.badge.getByText(text, { exact: true }).waitFor(),
      ),
    );
  const titled = ({ page, own }, text) =>
    until(`the title "${text}"`, async () => {
      return (await page.title()) === `${text}${own}`;
    });

  await t.test("the number is in all tabs, and says what it is", async () => {
    await operator.say(id, "one");
    await badges("1");
    assert.equal(
      await second.widget.launcher.getAttribute("aria-label"),
      "Chat with us, 1 unread message",
    );
  });

  await t.test("in the title only where nobody looks", async () => {
    await lookAway(second.page);
    await titled(second, "(1) ");
    assert.equal(await first.page.title(), first.own);
    await operator.say(id, "two");
    await titled(second, "(2) ");

    // a title that the page sets meanwhile is the page's
    await second.page.evaluate(() => {
      document.title = "Basket";
    });
    await operator.say(id, "three");
    second.own = "Basket";
    await titled(second, "(3) ");
    await lookAway(second.page, false);
    await titled(second, "");
    await lookAway(second.page);
  });

  await t.test("more than 99 are 99+", async () => {
    for (let n = 4; n <= 99; n++) {
      await operator.say(id, `and ${n}`);
    }

    await badges("99");
    await operator.say(id, "and one more");
    await badges("99+");
    await titled(second, "(99+) ");

    const { x, y, width, height } = await first.widget.badge.boundingBox();

    assert.ok(height <= 24 && width < 56, `${width} × ${height}`);
    assert.ok(x + width <= 1280 && y > 0, "within the window");
    assert.equal(
      await first.widget.launcher.getAttribute("aria-label"),
      "Chat with us, 100 unread messages",
    );
  });

  await t.test("opened in one tab, it is gone in all", async () => {
    await third.widget.open();
    await Promise.all(
      tabs.map(({ widget }) => widget.badge.waitFor({ state: "hidden" })),
    );
    await titled(second, "");
  });

  await t.test("no sound before a click, and no try of one", async () => {
    for (const { page } of tabs) {
      await page.close();
    }

    // the only one, which nobody has touched
    const page = await profile.newPage();
    const stream = page.waitForRequest("**/visitor/events?*");
    const loaded = page.waitForResponse("**/w/sound-*");

    await page.goto(`${chat.origin}/`);
    await stream;
    await operator.say(id, "can you hear me?");
    await (await loaded).finished();
    await page.waitForFunction(() => globalThis.heard > 0);
    await page.evaluate(() => fetch("/about.html"));
    assert.equal(await page.evaluate(() => globalThis.players), 0);
  });
});
