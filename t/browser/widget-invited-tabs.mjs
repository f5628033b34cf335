// Copyright (C) ngx_chat_module contributors
//
// Two tabs of one person: the invitation is shown in one of them, and who
// says no there is not asked in the other one, whatever the browser forgets.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { followed, PERSON } from "./lib/shop.mjs";

test("an invitation in two tabs", async (t) => {
  const { chat, browser, operator } = await open(t, {
    config: followed("chat_consent 1;"),
  });

  await operator.call("POST", "/admin/triggers", {
    name: "On a product",
    text: "May I help?",
    conditions: [{ fact: "page", op: "starts", value: "/gear/" }],
  });

  const profile = await browser.profile({ userAgent: PERSON });

  // with the cookie, and without a question that is due

  await (await profile.newPage()).goto(`${chat.origin}/about.html`);

  const answers = [];
  const tabs = [];

  profile.on("response", (response) => {
    if (
      response.url().endsWith("/visitor/invitation") &&
      response.request().method() === "POST"
    ) {
      answers.push(response.status());
    }
  });

  // what is to be shown waits until both know of it

  let release;
  const both = new Promise((resolve) => {
    release = resolve;
  });
  let held = 0;

  await profile.route("**/visitor/invitation", async (route) => {
    if (route.request().method() === "POST") {
      held += 1;
      if (held === 2) {
        release();
      }
      await both;
    }
    await route.continue();
  });

  for (let i = 0; i < 2; i++) {
    const page = await profile.newPage();

    tabs.push({ page, complaints: watch(page), box: page.locator(".invite") });
    await page.goto(`${chat.origin}/gear/tent.html`);
  }

  await until("both answers", () => answers.length === 2);
  assert.deepEqual([...answers].sort(), [200, 204]);

  const shown = await until("one box", async () => {
    for (const tab of tabs) {
      if (await tab.box.isVisible()) {
        return tab;
      }
    }
    return undefined;
  });
  const other = tabs.find((tab) => tab !== shown);

  assert.equal(await other.box.count(), 0, "not in the other one");

  const { triggers } = await operator.call("GET", "/admin/triggers");

  assert.equal(triggers[0].counts.shown, 1, "shown once");

  await t.test("no, and a browser that forgets it", async () => {
    await shown.box.getByRole("button", { name: "No, thank you" }).click();
    await until("no is told", () => answers.length === 3);

    for (const { page, box } of tabs) {
      await page.evaluate(() => localStorage.clear());

      const asked = page.waitForResponse(/visitor\/invitation\?/);

      await page.reload();
      assert.deepEqual((await (await asked).json()).invitations, []);
      assert.equal(await box.count(), 0);
    }
  });

  assert.deepEqual(
    tabs.flatMap(({ complaints }) => complaints),
    [],
  );
});
