// What is written without a network is sent once and in order, later.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const MESSAGES = "**/api/v1/visitor/messages";

test("offline and back", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);

  await widget.open();
  await widget.write("zero");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("zero");

  await t.test("written offline, it waits in the log", async () => {
    await page.context().setOffline(true);
    await page.locator(".banner").waitFor();
    await widget.write("one");
    await widget.write("two");
    await page.locator(".unsent").first().waitFor();
    await becomes("both in the log", () => widget.texts(), [
      "zero",
      "one",
      "two",
    ]);
  });

  await t.test("back online, it is sent once and in order", async () => {
    await page.context().setOffline(false);
    await widget.waitUntilSent();
    await page.locator(".banner").waitFor({ state: "detached" });
    assert.deepEqual(await operator.texts(id), ["zero", "one", "two"]);
    assert.deepEqual(await widget.texts(), ["zero", "one", "two"]);
  });

  await t.test("what came meanwhile is there, too", async () => {
    await page.context().setOffline(true);
    await operator.say(id, "three");
    await page.context().setOffline(false);
    await widget.waitForText("three");
  });

  await t.test("what waits survives a reload of the page", async () => {
    await page.route(MESSAGES, (route) => route.abort());
    await widget.write("four");
    await widget.write("five");
    await page.locator(".unsent").first().waitFor();
    await page.reload();
    await widget.waitForText("five");
    await page.unroute(MESSAGES);
    await widget.tryAgain();
    await widget.waitUntilSent();
    assert.deepEqual((await operator.texts(id)).slice(-2), ["four", "five"]);
  });

  await t.test("an answer that got lost doubles nothing", async () => {
    const loseAnswer = async (route) => {
      await route.fetch();
      await route.abort();
    };

    await page.route(MESSAGES, loseAnswer, { times: 1 });
    await widget.write("six");
    await widget.waitUntilSent();

    const texts = await operator.texts(id);
    assert.equal(texts.filter((text) => text === "six").length, 1);
    assert.deepEqual(await widget.texts(), texts);
  });

  await t.test("a refusal is shown, and can be tried again", async () => {
    await page.route(MESSAGES, (route) =>
      route.fulfill({
        status: 422,
        contentType: "application/problem+json",
        json: { type: "urn:ngx-chat:invalid", title: "Invalid", status: 422 },
      }),
    );
    await widget.write("seven");
    await page.locator(".meta.failed").waitFor();
    await page.unroute(MESSAGES);
    await page.getByRole("button", { name: "Try again" }).click();
    await widget.waitUntilSent();
    assert.equal((await operator.texts(id)).at(-1), "seven");
  });
});
