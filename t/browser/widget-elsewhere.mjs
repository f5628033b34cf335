// A page of another origin has the chat, too: without a cookie.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { elsewhere } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = elsewhere(`
        location / {
            return 200 '<!doctype html><html lang="en"><title>Site</title>
                <link rel="icon" href="data:,"><body><main>$uri</main>
                <script src="http://127.0.0.1:%%PORT%%/chat/loader.js" async>
                </script></body></html>';
        }
`);

test("a page of another origin", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const site = `http://localhost:${chat.ports[2]}`;
  const profile = await browser.profile();
  const page = await profile.newPage();
  const complaints = watch(page);
  const widget = widgetOf(page);

  await page.goto(`${site}/one`);

  let id;

  await t.test("both sides talk", async () => {
    await widget.open();
    await widget.write("from elsewhere");
    await widget.waitForMark("Sent");
    ({ id } = await operator.conversationWith("from elsewhere"));
    await operator.say(id, "heard");
    await widget.waitForText("heard");
  });

  await t.test("without a cookie", async () => {
    assert.deepEqual(await profile.cookies(), []);
  });

  await t.test("the visitor is known on the next page", async () => {
    await page.goto(`${site}/two`);
    await widget.waitForText("heard");
    await widget.write("still me");
    await widget.waitForMark("Sent");
    assert.deepEqual(await operator.texts(id), [
      "from elsewhere",
      "heard",
      "still me",
    ]);
  });

  await t.test("and in the next tab", async () => {
    const other = await profile.newPage();
    const badge = widgetOf(other).badge;

    await page.locator(".header .round").click();
    await other.goto(`${site}/one`);
    await operator.say(id, "are you there?");
    await until("the badge", async () => (await badge.textContent()) === "1");
  });

  assert.deepEqual(complaints, []);
});
