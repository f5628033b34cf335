// A message that is held for what it says: the visitor is told, and it is not
// sent again and again by itself.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open } from "./lib/browser.mjs";
import { sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = sites(
  "",
  `
        location / { root %%STATIC%%/demo; chat_widget on; }
        location /chat/ { chat; chat_first_links 1; }`,
);

test("links in a first message", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);
  const sent = [];

  page.on("request", (request) => {
    if (request.url().endsWith("/visitor/messages")) {
      sent.push(request.postDataJSON().text);
    }
  });

  await widget.open();
  await widget.write("http://a.example http://b.example");
  await page.getByText("Not sent: it has links, or a word").waitFor();

  // the next one goes, past the one that is held
  await widget.write("May I send you a link?");
  await operator.conversationWith("May I send you a link?");
  await becomes("each sent once", () => sent, [
    "http://a.example http://b.example",
    "May I send you a link?",
  ]);

  await page.getByRole("button", { name: "Remove" }).click();
  await widget.waitUntilSent();
  assert.deepEqual(await widget.texts(), ["May I send you a link?"]);
});
