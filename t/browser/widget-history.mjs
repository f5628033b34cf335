// A long log: older messages by scrolling up, newer ones without a jump.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, scroll, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const MANY = 120;

test("a long log", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);
  const said = ["hello"];

  await widget.open();
  await widget.write("hello");
  await widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("hello");

  for (let i = 0; i < MANY; i++) {
    said.push(`number ${i}`);
    await operator.say(id, `number ${i}`);
  }

  await page.reload();
  await widget.waitForText(`number ${MANY - 1}`);

  await t.test("it begins at its end, with the newest only", async () => {
    const gap = await widget.log.evaluate(
      (node) => node.scrollHeight - node.scrollTop - node.clientHeight,
    );
    assert.ok(gap < 2, `${gap} px from the end`);
    assert.ok((await widget.texts()).length < said.length);
  });

  await t.test("scrolling up brings the rest, and moves nothing", async () => {
    while ((await widget.texts()).length < said.length) {
      const before = await widget.bubbles.first().textContent();

      // in one go: older ones may come at once
      const top = await widget.log.evaluate((node) => {
        node.scrollTo({ top: 20 });
        return node.querySelector(".bubble").getBoundingClientRect().top;
      });

      await until(
        "older messages",
        async () => (await widget.bubbles.first().textContent()) !== before,
      );

      const now = await topOf(before);
      assert.ok(Math.abs(now - top) < 2, `moved by ${now - top} px`);
    }

    assert.deepEqual(await widget.texts(), said);
  });

  await t.test("news don't move what is being read", async () => {
    await scroll(widget.log, 300);

    const reading = await widget.bubbles.nth(8).textContent();
    const top = await topOf(reading);

    await operator.say(id, "news");
    await page.locator(".pill").getByText("1 new message").waitFor();
    assert.equal(await topOf(reading), top);

    const { visitor_read, last_event } = await operator.conversation(id);
    assert.ok(visitor_read < last_event, "unseen is unread");

    await page.locator(".pill").click();
    await page.locator(".pill").waitFor({ state: "detached" });
    await until("the visitor's mark", async () => {
      const conversation = await operator.conversation(id);
      return conversation.visitor_read >= conversation.last_event;
    });
  });

  /** Where a message is on the screen. */
  function topOf(text) {
    return widget.bubbles
      .getByText(text, { exact: true })
      .evaluate((node) => node.getBoundingClientRect().top);
  }
});
