// A visitor and an operator talk.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("a visitor and an operator talk", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const complaints = watch(page);
  const widget = widgetOf(page);
  let id;

  await t.test("a message goes from sending to sent to read", async () => {
    await widget.open();
    await widget.write("Is the tent in stock?");
    await widget.waitForMark("Sent");

    const conversation = await operator.conversationWith(
      "Is the tent in stock?",
    );

    id = conversation.id;
    assert.equal(conversation.state, "waiting");
    assert.equal(conversation.page.url, `${chat.origin}/`);

    await operator.read(id, conversation.last_event);
    await widget.waitForMark("Read");
  });

  await t.test("the visitor sees who answers, and what", async () => {
    await operator.type(id);
    await page.locator(".typing").waitFor();

    await operator.say(id, "It is: <b>three</b> of them.");
    await widget.waitForText("It is: <b>three</b> of them.");
    assert.equal(await page.locator(".typing").count(), 0);

    await page.locator(".status").getByText(chat.operator.name).waitFor();

    // screen readers hear the answer, and not what they wrote themselves
    const region = page.locator("[aria-live=polite]");

    await region.getByText("three").waitFor({ state: "attached" });
    assert.doesNotMatch(await region.textContent(), /stock/);
  });

  await t.test("the operator learns what was read", async () => {
    await until("the visitor's mark", async () => {
      const conversation = await operator.conversation(id);
      return conversation.visitor_read >= conversation.last_event;
    });
  });

  await t.test("a closed panel counts, an opened one has read", async () => {
    await page.keyboard.press("Escape");
    await operator.say(id, "Shall I put one aside?");
    await widget.badge.getByText("1", { exact: true }).waitFor();

    const before = await operator.conversation(id);
    assert.ok(before.visitor_read < before.last_event, "not read yet");

    await widget.launcher.click();
    await widget.badge.waitFor({ state: "hidden" });
    await until("the visitor's mark", async () => {
      const conversation = await operator.conversation(id);
      return conversation.visitor_read >= conversation.last_event;
    });
  });

  await t.test("all of it is there again on the next page", async () => {
    const texts = await widget.texts();

    await page.goto(`${chat.origin}/about.html`);
    await widget.waitForText("Shall I put one aside?");
    assert.deepEqual(await widget.texts(), texts);
    assert.deepEqual(await operator.texts(id), texts);
  });

  await t.test("either side ends it, and a new one begins", async () => {
    await page.getByRole("button", { name: "End chat" }).click();
    await page.getByRole("button", { name: "End it" }).click();
    await page.getByRole("button", { name: "Start a new one" }).click();
    assert.equal((await operator.conversation(id)).state, "closed");

    await widget.write("One more thing.");
    await widget.waitForMark("Sent");

    const next = await operator.conversationWith("One more thing.");
    assert.notEqual(next.id, id);

    await operator.close(next.id);
    await page.getByRole("button", { name: "Start a new one" }).waitFor();
  });

  assert.deepEqual(complaints, []);
});
