// Copyright (C) ngx_chat_module contributors
//
// A visitor who has written before comes back, with nothing in the browser's
// cache: two files and the stream, and the badge is right, before the visitor
// does anything. What came meanwhile is there when the chat is opened.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a visitor comes back", async (t) => {
  const { chat, browser, operator } = await open(t);
  let storageState;

  async function visit() {
    const profile = await browser.profile({ storageState });
    const page = await profile.newPage();
    const complaints = watch(page);
    const asked = [];

    page.on("request", (request) => {
      const { pathname } = new URL(request.url());

      if (pathname.startsWith("/chat/")) {
        asked.push(
          pathname.replace(/^\/chat\/(api\/v1\/)?/, "").replace(/-\w{10}/, ""),
        );
      }
    });
    await page.goto(`${chat.origin}/`);

    return { page, profile, complaints, asked, widget: widgetOf(page) };
  }

  async function leave({ page, profile, complaints }) {
    storageState = await profile.storageState();
    await page.close();
    await profile.close();
    assert.deepEqual(complaints, []);
  }

  const badge = (one, text) =>
    until(`the badge ${text}`, async () =>
      text === ""
        ? !(await one.widget.badge.isVisible())
        : (await one.widget.badge.textContent()) === text &&
          (await one.widget.badge.isVisible()),
    );

  let id;

  await t.test("who writes is known", async () => {
    const one = await visit();

    await one.widget.launcher.waitFor();
    assert.deepEqual(one.asked, ["loader.js"]);
    await one.widget.open();
    await one.widget.write("I shall be back");
    await one.widget.waitForMark("Sent");
    ({ id } = await operator.conversationWith("I shall be back"));
    await operator.say(id, "Welcome");
    await one.widget.waitForText("Welcome");
    await one.page.keyboard.press("Escape");
    await leave(one);
  });

  await t.test("two files and a stream, and what came meanwhile", async () => {
    await operator.say(id, "one");
    await operator.say(id, "two");

    const one = await visit();

    await badge(one, "2");
    assert.deepEqual(one.asked, ["loader.js", "w/live.js", "visitor/events"]);

    await operator.say(id, "three");
    await badge(one, "3");
    await leave(one);
  });

  await t.test("the next page counts on", async () => {
    await operator.say(id, "four");

    const one = await visit();

    await badge(one, "4");
    assert.deepEqual(one.asked, ["loader.js", "w/live.js", "visitor/events"]);

    await one.widget.open();
    await one.widget.waitForText("four");
    assert.deepEqual(await one.widget.texts(), await operator.texts(id));
    await badge(one, "");
    await one.widget.write("here I am");
    await one.widget.waitForMark("Sent");
    await one.page.keyboard.press("Escape");
    await leave(one);
  });

  await t.test("what was read is read in all tabs and on later pages", async () => {
    const one = await visit();
    const other = await one.profile.newPage();

    await other.goto(`${chat.origin}/about.html`);
    await operator.say(id, "five");
    await badge(one, "1");
    await badge({ widget: widgetOf(other) }, "1");

    await widgetOf(other).open();
    await widgetOf(other).waitForText("five");
    await badge(one, "");
    await leave(one);

    const later = await visit();

    await until("the stream", () => later.asked.includes("visitor/events"));
    await badge(later, "");
    await operator.say(id, "six");
    await badge(later, "1");
    await leave(later);
  });

  await t.test("no file for invitations where there is none", async () => {
    await operator.close(id);

    const one = await visit();

    await until("the stream", () => one.asked.includes("visitor/events"));
    assert.ok(!one.asked.includes("w/invite.js"));
    await leave(one);
  });

  await t.test("whose cookie is gone is somebody new", async () => {
    storageState.cookies = [];

    const one = await visit();

    await until("a session", () => one.asked.includes("visitor/session"));
    await one.widget.open();
    assert.deepEqual(await one.widget.texts(), []);
    await one.profile.close();
  });
});
