// On a phone the chat is the whole screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

test("a phone", async (t) => {
  const { chat, browser } = await open(t);
  const page = await browser.page(`${chat.origin}/`, PHONE);
  const widget = widgetOf(page);

  await t.test("the panel covers the screen, the page is inert", async () => {
    await widget.open();
    await until("the panel to be in its place", async () => {
      const { x, y, width, height } = await widget.panel.boundingBox();
      return x === 0 && y === 0 && width === 390 && height === 844;
    });
    assert.equal(await page.evaluate(() => document.body.inert), true);
    assert.equal(await widget.panel.getAttribute("aria-modal"), "true");
  });

  await t.test("fingers hit everything, and nothing zooms in", async () => {
    const buttons = page.locator(".panel button:visible");

    for (const button of await buttons.all()) {
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
    }

    const size = await widget.field.evaluate(
      (node) => getComputedStyle(node).fontSize,
    );
    assert.ok(Number.parseFloat(size) >= 16, size);
  });

  await t.test("the focus stays in the panel", async () => {
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");

      const inPage = await page.evaluate(() =>
        document.body.contains(document.activeElement) &&
          document.activeElement !== document.body,
      );
      assert.equal(inPage, false);
    }
  });

  await t.test("Back closes it, and leaves the page where it was", async () => {
    await page.goBack();
    await widget.panel.waitFor({ state: "hidden" });
    assert.equal(page.url(), `${chat.origin}/`);
    assert.equal(await page.evaluate(() => document.body.inert), false);
  });

  await t.test("its own button closes it, and Back is the page's", async () => {
    await page.goto(`${chat.origin}/about.html`);
    await widget.open();
    await page.locator(".header .round").click();
    await widget.panel.waitFor({ state: "hidden" });
    await page.waitForFunction(() => !history.state?.ngxChat);
    await page.goBack({ waitUntil: "commit" });
    assert.equal(page.url(), `${chat.origin}/`);
  });

  await t.test("320 px need no scrolling sideways", async () => {
    await page.setViewportSize({ width: 320, height: 568 });
    await widget.open();
    await widget.write("W".repeat(200));
    await widget.waitForMark("Sent");

    const [content, shown] = await widget.log.evaluate((node) => [
      node.scrollWidth,
      node.clientWidth,
    ]);
    assert.equal(content, shown);
  });
});
