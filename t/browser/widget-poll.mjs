// A proxy that holds streams back: polls bring the answers all the same.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("streams that don't get through give way to polls", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();
  const page = await profile.newPage();
  const widget = widgetOf(page);
  const polls = [];
  let gate;
  let release;
  let held = 0;

  // the request goes out, and not a byte comes back
  await page.route("**/visitor/events?*", async (route) => {
    if (route.request().headers().accept !== "text/event-stream") {
      held++;
      await gate;
      polls.push(new URL(route.request().url()).searchParams.get("wait"));
      return route.continue();
    }
  });

  await page.goto(`${chat.origin}/`);
  await widget.open();
  await widget.write("anyone?");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("anyone?");

  await operator.say(id, "yes");
  await widget.waitForText("yes");
  await until("a poll that waits", () => polls.includes("25"));

  // now the poll is what brings it, at once
  await operator.say(id, "still here");
  await widget.waitForText("still here");
  assert.deepEqual(await widget.texts(), await operator.texts(id));
  assert.equal(await page.locator(".banner").count(), 0);

  // who goes between two polls is gone with the next answer
  await page.locator(".status.here").waitFor();
  gate = new Promise((resolve) => {
    release = resolve;
  });
  held = 0;
  await operator.say(id, "bye");
  await until("the next poll is on its way", () => held > 0);
  await operator.call("PUT", "/operator/presence", { status: "offline" });
  await operator.call("POST", `/operator/conversations/${id}/close`);
  release();
  await page.locator(".status").getByText("We’re away right now").waitFor();
});
