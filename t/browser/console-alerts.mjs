// Copyright (C) ngx_chat_module contributors
//
// A notification comes when nobody looks, one for each conversation, from one
// of the browser's pages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { openConsole, Visitor } from "./lib/console.mjs";

/** In every page: what would be shown, and a way to look away. */
function watched() {
  const shown = [];

  globalThis.shown = shown;
  globalThis.Notification = class {
    static permission = "granted";
    static requestPermission = async () => "granted";

    constructor(title, options) {
      shown.push({ title, ...options });
    }

    close() {}
  };
  Object.defineProperty(document, "visibilityState", {
    get: () => (localStorage.getItem("away") ? "hidden" : "visible"),
  });
}

test("who looks away is called once", async (t) => {
  const { chat, browser } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const profile = await browser.profile();

  await profile.addInitScript(watched);

  const first = await openConsole(await profile.newPage(), chat);

  await first.logIn();
  await first.go("account");
  await first.page.getByLabel(/^Show notifications/).check();

  const second = await openConsole(await profile.newPage(), chat);

  await second.rows.first().or(second.page.getByText("Nobody")).waitFor();

  const shown = async () =>
    (
      await Promise.all(
        [first, second].map(({ page }) =>
          page.evaluate(() => globalThis.shown),
        ),
      )
    ).flat();

  await t.test("nothing is shown to who looks", async () => {
    await visitor.say("Can you see me?");
    await second.row("Can you see me?").waitFor();
    await first.waitForCalls(1);
    assert.deepEqual(await shown(), []);
  });

  await t.test("one page speaks for all", async () => {
    await first.page.evaluate(() => localStorage.setItem("away", "yes"));
    await visitor.say("And now?");
    await until("a notification", async () => (await shown()).length > 0);
    await second.row("And now?").waitFor();

    const [note, ...others] = await shown();

    assert.deepEqual(others, []);
    assert.match(note.title, /is waiting$/);
    assert.equal(note.body, "And now?");
  });

  await t.test("a later one takes the place of the earlier", async () => {
    await visitor.say("Hello?");
    await until("another", async () => (await shown()).length > 1);

    const [one, two] = await shown();

    assert.equal(one.tag, two.tag);
  });
});
