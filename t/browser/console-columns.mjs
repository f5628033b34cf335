// Four conversations side by side, each with its own draft and its own end.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

const NAMES = ["one", "two", "three", "four"];

test("four conversations stand side by side", async (t) => {
  const { chat, browser, operator } = await open(t);
  const visitors = [];

  for (const name of NAMES) {
    const visitor = await Visitor.open(chat.origin);

    await visitor.say(`Question ${name}`);
    visitors.push(visitor);
  }

  const operators = await consoleOf(browser, chat, {
    viewport: { width: 1920, height: 900 },
  });
  const { page } = operators;
  const columns = page.locator(".thread");
  const column = (name) => columns.filter({ hasText: `Question ${name}` });
  const field = (name) => column(name).locator("textarea");

  await operators.logIn();

  await t.test("tabs become columns", async () => {
    for (const name of NAMES) {
      await operators.openRow(`Question ${name}`);
      await operators.waitForText(`Question ${name}`);
      await operators.field.fill(`Draft ${name}`);
    }

    await operators.button("Side by side").click();
    await until("four columns", async () => (await columns.count()) === 4);

    const boxes = await Promise.all(
      NAMES.map((name) => column(name).boundingBox()),
    );

    for (const [i, box] of boxes.entries()) {
      assert.ok(box.width >= 340, `${box.width} px`);
      assert.ok(i === 0 || box.x >= boxes[i - 1].x + boxes[i - 1].width - 1);
    }
  });

  await t.test("each has its own draft, over a reload, too", async () => {
    const drafts = () =>
      Promise.all(NAMES.map((name) => field(name).inputValue()));
    const wanted = NAMES.map((name) => `Draft ${name}`);

    assert.deepEqual(await drafts(), wanted);
    await page.reload();
    await until("four columns", async () => (await columns.count()) === 4);
    assert.deepEqual(await drafts(), wanted);
  });

  await t.test("what is written goes where it is written", async () => {
    for (const name of NAMES) {
      await field(name).press("Enter");
    }

    for (const [i, name] of NAMES.entries()) {
      await column(name)
        .locator(".ours .bubble")
        .getByText(`Draft ${name}`)
        .waitFor();

      const { id } = await operator.conversationWith(`Draft ${name}`);

      assert.deepEqual(await operator.texts(id), [
        `Question ${name}`,
        `Draft ${name}`,
      ]);
      await visitors[i].say(`Answer ${name}`);
      await column(name).getByText(`Answer ${name}`).waitFor();
    }
  });

  await t.test("keys act on the column with the focus", async () => {
    await field("two").focus();
    await column("two").and(page.locator(".active")).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await operators.dialog.waitFor();
    await operators.button("End conversation").click();
    await column("two").getByText("This conversation has ended.").waitFor();
    assert.equal(await field("one").count(), 1);
    assert.equal(await field("three").count(), 1);
  });

  await t.test("a narrower window has fewer, and shows the active", async () => {
    await field("three").focus();
    await page.setViewportSize({ width: 1280, height: 800 });
    await until("two columns", async () => (await columns.count()) === 2);
    await field("three").waitFor();
    await page.setViewportSize({ width: 900, height: 800 });
    await until("one column", async () => (await columns.count()) === 1);
    await field("three").waitFor();
  });
});
