// Copyright (C) ngx_chat_module contributors
//
// A rule on a page's own average, made in the console from the example: who
// has been on the page for four thirds of what others spend there is invited,
// and nobody where nothing is known of the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { openConsole } from "./lib/console.mjs";
import { followed, PERSON } from "./lib/shop.mjs";

const SECOND = 1000;

test("four thirds of a page's average", async (t) => {
  const { chat, browser, operator } = await open(t, {
    config: followed("chat_consent 1;"),
  });

  /** A person of its own, and what the server answers on a page. */
  async function visit(path) {
    const page = await (await browser.profile({ userAgent: PERSON })).newPage();
    const asked = page.waitForResponse(/visitor\/invitation\?/);
    const at = Date.now();

    await page.goto(`${chat.origin}${path}`);

    const answer = await asked;

    return {
      page,
      at,
      box: page.locator(".invite"),
      invitations: (await answer.json()).invitations,
    };
  }

  const admin = await openConsole(
    await (await browser.profile()).newPage(),
    chat,
  );

  await admin.logIn();
  await admin.go("triggers");
  await admin.page.getByRole("button", { name: /^Reads longer/ }).click();
  await admin.button("Save").click();
  await admin.page.locator(".rule").getByText("4/3 of its average").waitFor();
  assert.deepEqual(
    (await operator.call("GET", "/admin/triggers")).triggers[0].conditions,
    [{ fact: "time_on_page", op: "at_least", value: "average" }],
  );

  // nobody has looked at a page and gone on yet

  const began = Date.now();
  const reader = await visit("/gear/tent.html");

  assert.deepEqual(reader.invitations, []);

  // two seconds of it, as long as that takes

  await reader.page.waitForFunction((ms) => performance.now() > ms, 2 * SECOND);
  await reader.page.goto(`${chat.origin}/about.html`);

  const most = (Date.now() - began) / SECOND;

  // page views are written behind the pages that they are of

  let next = await visit("/gear/tent.html");

  await until("an average", async () => {
    if (next.invitations.length === 0) {
      await next.page.context().close();
      next = await visit("/gear/tent.html");
    }
    return next.invitations.length > 0;
  });

  const [{ conditions }] = next.invitations;
  const seconds = conditions[0].value;

  // 2 s and what the pages took, as whole seconds, and a third more

  assert.equal(conditions[0].fact, "time_on_page");
  assert.ok(
    seconds >= 3 && seconds <= Math.ceil((Math.ceil(most) * 4) / 3),
    `${seconds} s of ${most} s`,
  );
  await next.box.waitFor();

  const waited = Date.now() - next.at;

  assert.ok(waited >= seconds * SECOND, `after ${waited} ms`);
  assert.deepEqual((await visit("/about.html")).invitations, []);
});
