// Copyright (C) ngx_chat_module contributors
//
// On a phone the chat is the whole screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open, until } from "./lib/browser.mjs";
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
    await page.route("**/visitor/messages", (route) =>
      route.fulfill({
        status: 422,
        contentType: "application/problem+json",
        json: { type: "urn:ngx-chat:invalid", title: "Invalid", status: 422 },
      }),
    );
    await widget.write("refused");
    await page.getByRole("button", { name: "Remove" }).waitFor();

    for (const button of await page.locator(".panel button:visible").all()) {
      const { width, height } = await button.boundingBox();
      const name = await button.innerText();

      assert.ok(width >= 44 && height >= 44, `${name} ${width} × ${height}`);
    }

    await page.getByRole("button", { name: "Remove" }).click();
    await page.unroute("**/visitor/messages");

    const size = await widget.field.evaluate(
      (node) => getComputedStyle(node).fontSize,
    );
    assert.ok(Number.parseFloat(size) >= 16, size);
  });

  await t.test("the focus stays in the panel, either way round", async () => {
    const been = new Set();

    for (let i = 0; i < 16; i++) {
      await page.keyboard.press(i < 8 ? "Tab" : "Shift+Tab");

      const at = await page.evaluate(() => {
        const host = document.activeElement;
        const inside = host?.shadowRoot?.activeElement;

        // what is left is the browser's own: the address, the tabs
        return inside?.closest(".panel")
          ? inside.className
          : host === document.body || host === document.documentElement
            ? "browser"
            : host.outerHTML;
      });

      been.add(at);
    }

    assert.ok(been.has("round") && been.has("log"), [...been].join(" "));
    assert.ok(
      [...been].every((name) => !name.startsWith("<")),
      [...been].join(" "),
    );
  });

  await t.test("a notch and a bar cover nothing", async () => {
    const device = await page.context().newCDPSession(page);
    const insets = (top, bottom, left, right) =>
      device.send("Emulation.setSafeAreaInsetsOverride", {
        insets: { top, bottom, left, right },
      });
    const boxes = async () => ({
      close: await page.locator(".header .round").boundingBox(),
      send: await widget.sendButton.boundingBox(),
      log: await widget.log.boundingBox(),
    });
    const before = await boxes();

    await insets(47, 34, 20, 10);

    await becomes(
      "room for both",
      async () => {
        const { close, send, log } = await boxes();
        return [close.y, send.y, log.x, log.width];
      },
      [before.close.y + 47, before.send.y - 34, 20, 390 - 30],
    );
    await insets(0, 0, 0, 0);
    await becomes("the whole screen", boxes, before);
  });

  await t.test("the height is what the browser's bars leave", async () => {
    const full = await widget.panel.evaluate((node) =>
      getComputedStyle(node).getPropertyValue("--full").trim(),
    );

    assert.equal(full, "100dvh");
    await page.setViewportSize({ width: 390, height: 700 });
    await until("the panel to follow", async () => {
      return (await widget.panel.boundingBox()).height === 700;
    });
    await page.setViewportSize({ width: 390, height: 844 });
  });

  await t.test("the keyboard leaves the field in sight", async () => {
    // Chromium without a phone has no keyboard; it looks like this to a page
    const keyboard = (height, top) =>
      page.evaluate(
        (view) => {
          for (const [name, value] of Object.entries(view)) {
            Object.defineProperty(visualViewport, name, {
              configurable: true,
              get: () => value,
            });
          }

          visualViewport.dispatchEvent(new Event("resize"));
        },
        { height, offsetTop: top },
      );

    await keyboard(500, 30);
    await until("the field above the keyboard", async () => {
      const { y, height } = await widget.field.boundingBox();
      return y + height <= 530 && y > 400;
    });
    await until("the panel, too", async () => {
      return (await widget.panel.boundingBox()).y === 30;
    });
    await keyboard(844, 0);
    await until("the whole screen", async () => {
      return (await widget.panel.boundingBox()).height === 844;
    });
  });

  await t.test("Back closes it, and leaves the page where it was", async () => {
    await page.goBack();
    await widget.panel.waitFor({ state: "hidden" });
    assert.equal(page.url(), `${chat.origin}/`);
    assert.equal(await page.evaluate(() => document.body.inert), false);
    await page.waitForFunction(() =>
      document.activeElement?.shadowRoot?.activeElement?.matches(".launcher"),
    );
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
