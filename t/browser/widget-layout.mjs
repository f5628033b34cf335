// Longer languages, narrow windows and forced colours, in the widget.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { clipped, sideways, stretch } from "./lib/layout.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("the widget finds room", async (t) => {
  const { chat, browser, operator } = await open(t);

  const start = async (options, prepare = async () => {}) => {
    const profile = await browser.profile(options);

    await prepare(profile);

    const page = await profile.newPage();
    const widget = widgetOf(page);

    await page.goto(`${chat.origin}/`);
    await widget.open();
    return { page, widget };
  };

  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 320, height: 568 },
  ]) {
    await t.test(`texts 40 % longer, ${viewport.width} px`, async () => {
      const { page, widget } = await start({ viewport }, stretch);
      const hello = `Hello, ${viewport.width}`;
      const cut = () => clipped(page, "body");

      assert.deepEqual(await cut(), []);
      await widget.write(hello);
      await widget.waitUntilSent();
      assert.deepEqual(await cut(), []);
      await operator.conversationWith(hello);
      await page.locator(".end").click();
      await page.locator("[role=alertdialog]").waitFor();
      assert.match(await page.locator(".sheet").innerText(), /éàüß/);
      assert.deepEqual(await cut(), []);
      await page.locator(".sheet .danger").click();
      await page.locator(".ended").waitFor();
      assert.deepEqual(await cut(), []);
      assert.equal(await sideways(page), 0);
    });
  }

  await t.test("a conversation begins at the top", async () => {
    const { page, widget } = await start({
      viewport: { width: 390, height: 844 },
    });

    await widget.write("The first word");
    await widget.waitUntilSent();

    const header = await page.locator(".header").boundingBox();
    const bubble = await widget.bubbles.first().boundingBox();

    assert.ok(bubble.y - header.y - header.height < 160);
  });

  await t.test("a mouse has targets that are large enough, too", async () => {
    const { page, widget } = await start({});

    await widget.write("Is this large enough?");
    await widget.waitUntilSent();

    const buttons = await page.locator(".panel button:visible").all();

    for (const button of [...buttons, widget.launcher]) {
      const { width, height } = await button.boundingBox();
      const name = await button.getAttribute("class");

      assert.ok(width >= 44 && height >= 44, `${name} ${width} × ${height}`);
    }
  });

  await t.test("a page at 200 % scrolls no more than before", async () => {
    // what a window of 1280 x 800 has left for its pages
    const { page, widget } = await start({
      viewport: { width: 640, height: 400 },
      deviceScaleFactor: 2,
    });

    await widget.write("Does it all fit in here?");
    await widget.waitUntilSent();
    assert.equal(await sideways(page), 0);
    assert.deepEqual(await clipped(page, "body"), []);

    for (const part of [".header .round", ".log", ".composer textarea"]) {
      const { x, y, width, height } = await page.locator(part).boundingBox();

      assert.ok(
        x >= 0 && y >= 0 && x + width <= 640 && y + height <= 400,
        `${part} is in the window`,
      );
    }
  });

  await t.test(
    "who is there has a dot with a ring, on any colour",
    async () => {
      const { page } = await start({});
      const dot = () =>
        page.locator(".status.here").evaluate((node) => {
          const { backgroundColor, borderTopColor, color } = getComputedStyle(
            node,
            "::before",
          );
          return [backgroundColor, borderTopColor === color];
        });

      assert.deepEqual(await dot(), ["rgb(22, 163, 74)", true]);
    },
  );

  await t.test("forced colours keep edges and marks", async () => {
    const { page, widget } = await start({ forcedColors: "active" });

    await widget.write("Can you see this?");
    await widget.waitUntilSent();

    for (const name of [".bubbles > .bubble", ".send", ".composer textarea"]) {
      const width = await page
        .locator(name)
        .first()
        .evaluate((node) => getComputedStyle(node).borderTopWidth);

      assert.notEqual(width, "0px", name);
    }
  });
});
