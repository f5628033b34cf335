// nginx is reloaded, and loses a worker, while two people talk.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a conversation outlives the workers", async (t) => {
  const { chat, browser, operator } = await open(t, { workers: 2 });
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);

  await widget.open();
  await widget.write("start");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("start");

  for (const [round, happening] of ["reload", "kill", "reload"].entries()) {
    await t.test(`${happening}, round ${round}`, async () => {
      const done = chat[happening]();

      for (let i = 0; i < 3; i++) {
        await widget.write(`visitor ${round}.${i}`);
      }

      await done;
      await operator.say(id, `operator ${round}`);
      await widget.waitForText(`operator ${round}`);
      await widget.waitUntilSent();

      // the log has the server's order, and each of them once
      assert.deepEqual(await widget.texts(), await operator.texts(id));
    });
  }

  const texts = await operator.texts(id);

  assert.equal(texts.length, 13);
  assert.equal(new Set(texts).size, 13, "each of them once");
  assert.equal(await page.locator(".banner").count(), 0, "nobody noticed");
});
