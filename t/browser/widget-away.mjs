// Copyright (C) ngx_chat_module contributors
//
// While nobody is here: the visitor is told, leaves a message all the same,
// the team has it when it is back, and its answer waits for the visitor.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a message while nobody is here", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();
  const page = await profile.newPage();
  const widget = widgetOf(page);
  const status = page.locator(".status");
  const words = page.getByText(
    /^Nobody is here right now\. Leave us a message/,
  );

  await operator.call("PUT", "/operator/presence", { status: "offline" });
  await page.goto(`${chat.origin}/`);

  await t.test("the visitor is told before anything is written", async () => {
    await widget.open();
    await words.waitFor();
    await status.getByText("We’re away right now").waitFor();
    assert.equal(await page.locator(".status.here").count(), 0);
  });

  await t.test("a message is kept, and the visitor need not wait", async () => {
    await widget.write("Please order two tents for me");
    await widget.waitForMark("Sent");
    await status.getByText("We’re away right now").waitFor();
    await page.close();
  });

  await t.test(
    "the team finds it, and its answer is kept as well",
    async () => {
      const desk = await consoleOf(browser, chat);

      await desk.logIn();
      await desk.openRow("Please order two tents for me");
      await desk.waitForTexts(["Please order two tents for me"]);
      await desk.button("Take").click();
      await desk.write("They are on their way");
      await desk.waitForText("They are on their way");
    },
  );

  await t.test("it waits for the visitor, with a number", async () => {
    const later = await profile.newPage();
    const next = widgetOf(later);

    await later.goto(`${chat.origin}/about.html`);
    await next.badge.getByText("1", { exact: true }).waitFor();
    await next.open();
    await next.waitForText("They are on their way");
    assert.deepEqual(await next.texts(), [
      "Please order two tents for me",
      "They are on their way",
    ]);

    // from whom it is, and not that she is there

    const { name } = chat.operator;
    const here = later.locator(".status.here");

    await later
      .locator(".status")
      .getByText(`You’re talking with ${name}`)
      .waitFor();
    assert.equal(await here.count(), 0);
    await operator.call("PUT", "/operator/presence", { status: "online" });
    await operator.call("GET", "/operator/events?after=0&wait=0");
    await here.getByText(`${name} is here`).waitFor();
    await later.close();
  });

  await t.test("who looks sees at once that somebody has come", async () => {
    const other = await browser.page(`${chat.origin}/`);
    const next = widgetOf(other);

    await operator.call("PUT", "/operator/presence", { status: "offline" });
    await next.open();
    await other.getByText("We’re away right now").waitFor();
    await operator.call("PUT", "/operator/presence", { status: "online" });
    await operator.call("GET", "/operator/events?after=0&wait=0");
    await other.locator(".status.here").getByText("We’re online").waitFor();
    await other.getByText(/^Nobody is here/).waitFor({ state: "detached" });
  });
});
