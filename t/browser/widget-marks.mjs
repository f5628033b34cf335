// Copyright (C) ngx_chat_module contributors
//
// What each side learns of the other while they talk: that a message is on its
// way, there, read; that somebody types, and no longer.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  lookAway,
  mayLookAway,
  open,
  scroll,
  until,
  working,
} from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const MESSAGES = "**/api/v1/visitor/messages";
const TYPING = "**/api/v1/visitor/typing";

test("what one learns of the other", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();

  await mayLookAway(profile);

  const page = await profile.newPage();
  const widget = widgetOf(page);
  let id;

  await page.goto(`${chat.origin}/`);
  await widget.open();

  await t.test("one's own words are there before any answer", async (own) => {
    const held = deferred();

    await page.route(MESSAGES, async (route) => {
      await held.promise;
      await route.continue();
    });
    await widget.field.fill("Is anybody there?");

    const worked = await working(page);

    await widget.field.evaluate(async (field) => {
      const root = field.getRootNode();

      field.dispatchEvent(
        new KeyboardEvent("keydown", {
          key: "Enter",
          bubbles: true,
          cancelable: true,
        }),
      );

      while (!root.querySelector(".bubbles > .bubble")) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });

    const took = await worked();

    await widget.waitForMark("Sending…");
    own.diagnostic(`${Math.round(took)} ms of work (aim: 50)`);
    assert.ok(took <= 100, `${took} ms`);

    held.resolve();
    await widget.waitForMark("Sent");
    await page.unroute(MESSAGES);
    ({ id } = await operator.conversationWith("Is anybody there?"));
  });

  await t.test("a server that can't is tried again, by hand, too", async () => {
    await page.route(MESSAGES, (route) =>
      route.fulfill({
        status: 503,
        headers: { "Retry-After": "600" },
        contentType: "application/problem+json",
        json: { type: "urn:ngx-chat:busy", title: "Busy", status: 503 },
      }),
    );
    await widget.write("once");
    await page.locator(".meta.waiting").getByText("Not sent yet").waitFor();
    await page.unroute(MESSAGES);
    await page.getByRole("button", { name: "Try again" }).click();
    await widget.waitUntilSent();
    assert.deepEqual(await operator.texts(id), ["Is anybody there?", "once"]);
  });

  await t.test("that one types is told once in three seconds", async () => {
    const told = [];

    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.route(TYPING, (route) => {
      told.push(route.request().postDataJSON());
      return route.fulfill({ status: 204 });
    });

    // nine seconds, a key in each half of one
    for (let i = 0; i < 18; i++) {
      await widget.field.press("a");
      await page.clock.runFor(500);
    }

    await until("the calls", () => told.length >= 3);
    assert.ok(told.length <= 4, `${told.length} calls in 9 s`);
    assert.deepEqual(told[0], { typing: true, text: "a" });
    assert.equal(told.at(-1).typing, true);
    assert.ok(told.at(-1).text.length >= 12, "the latest text");

    // and that one has stopped, when all of it is gone
    await widget.field.fill("");
    await page.clock.runFor(3000);
    await until("the end", () => told.at(-1).typing === false);
    await page.unroute(TYPING);
  });

  await t.test("that the other types is shown for six seconds", async () => {
    const dots = page.locator(".typing");

    await operator.type(id);
    await dots.waitFor();
    await page.clock.runFor(5000);
    assert.equal(await dots.count(), 1);
    await page.clock.runFor(1500);
    await dots.waitFor({ state: "detached" });
    await page.clock.resume();
  });

  const receipts = [];
  const read = async () => {
    const { visitor_read, last_event } = await operator.conversation(id);
    return visitor_read >= last_event;
  };

  page.on("request", (request) => {
    if (request.url().endsWith("/visitor/read")) {
      receipts.push(request.postDataJSON().up_to);
    }
  });

  /** What the page asks for after this comes after what it has told. */
  const settle = () =>
    page.evaluate(() => fetch("/chat/api/v1/visitor/availability"));

  await t.test("what nobody looks at is not read", async () => {
    await lookAway(page);
    await operator.say(id, "Are you looking?");
    await widget.waitForText("Are you looking?");
    await settle();
    assert.deepEqual(receipts, []);
    assert.equal(await read(), false);

    await lookAway(page, false);
    await until("it to be read", read);
    await settle();
    assert.equal(receipts.length, 1, "told once");
  });

  await t.test("nor what is below what one reads", async () => {
    for (let i = 0; i < 12; i++) {
      await operator.say(id, `a line of many: ${i}`);
    }

    await widget.waitForText("a line of many: 11");
    await until("it to be read", read);
    await scroll(widget.log, 0);
    await operator.say(id, "below");
    await page.locator(".pill").waitFor();
    await settle();
    assert.equal(await read(), false);

    await scroll(widget.log, "end");
    await until("it to be read", read);
  });
});

/** Something to wait for, and the way to let it happen. */
function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });

  return { promise, resolve };
}
