// What hands and clipboards do to a message: doubled, held, odd characters.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("odd input", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);

  const said = async () => {
    await widget.waitUntilSent();
    return operator.texts((await operator.conversationWith("Once")).id);
  };

  await widget.open();

  await t.test("a double click sends once", async () => {
    await widget.field.fill("Once");
    await widget.sendButton.dblclick();
    await widget.waitForText("Once");
    assert.deepEqual(await said(), ["Once"]);
  });

  await t.test("Enter that is held sends once", async () => {
    await widget.field.fill("Held");

    for (let i = 0; i < 12; i++) {
      await page.keyboard.down("Enter");
    }

    await page.keyboard.up("Enter");
    await widget.waitForText("Held");
    assert.deepEqual(await said(), ["Once", "Held"]);
    assert.equal(await widget.field.inputValue(), "");
  });

  await t.test("what nobody can see is not sent", async () => {
    await widget.field.fill("\u200b\u2060 \n\u3164");
    assert.equal(
      await widget.sendButton.getAttribute("aria-disabled"),
      "true",
    );
    await widget.field.press("Enter");
    assert.deepEqual(await widget.texts(), ["Once", "Held"]);
  });

  await t.test("pasted control characters do not stop it", async () => {
    await widget.write("one\u000btwo\u001b[0m\u0007");
    await widget.waitForText("one\ntwo[0m");
    assert.equal((await said()).at(-1), "one\ntwo[0m");
  });

  await t.test("long words, other scripts and faces keep the frame", async () => {
    for (const text of [
      "W".repeat(400),
      `https://shop.example/${"a/".repeat(300)}?q=${"%20".repeat(100)}`,
      "مرحبا بالعالم، هل لديكم خيمة؟",
      "👩‍👩‍👧‍👦".repeat(120),
      "wörd ".repeat(790).trim(),
    ]) {
      await widget.write(text);
      await widget.waitForText(text);
    }

    await widget.waitUntilSent();

    const [content, shown] = await widget.log.evaluate((node) => [
      node.scrollWidth,
      node.clientWidth,
    ]);

    assert.equal(content, shown, "nothing scrolls sideways");
    assert.equal(await page.locator(".unsent").count(), 0);
  });

  await t.test("an end from the other side loses no words", async () => {
    const { id } = await operator.conversationWith("Once");

    await widget.field.fill("One more question, if I m");
    await operator.close(id);
    await page.getByRole("button", { name: "Start a new one" }).click();
    assert.equal(await widget.field.inputValue(), "One more question, if I m");
  });
});
