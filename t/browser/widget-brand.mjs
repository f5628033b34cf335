// What an administrator chose is what visitors see, before a click and after.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("the chat's looks", async (t) => {
  const { chat, browser, operator } = await open(t);
  const put = (brand) => operator.call("PUT", "/admin/brand", brand);
  const paint = (node) => {
    const { backgroundColor, color } = getComputedStyle(node);
    return [backgroundColor, color];
  };

  await put({
    colour: "#ffd400",
    side: "left",
    x: 30,
    y: 50,
    icon: "help",
    avatar: "/art/logo.svg",
    texts: { en: { title: "Ask Ada", welcome: "Hello & <b>hi</b>" } },
  });

  await t.test("the panel has them, with text that can be read", async () => {
    const page = await browser.page(`${chat.origin}/about.html`);
    const complaints = watch(page);
    const widget = widgetOf(page);

    // the shop's own colour stands in its pages, and goes first
    await page.evaluate(() => {
      delete document.documentElement.dataset.chatColor;
    });
    await widget.open();
    await page.getByText("Hello & <b>hi</b>", { exact: true }).waitFor();
    assert.equal(await page.locator(".who h2").textContent(), "Ask Ada");
    await page.locator(".header img.face").waitFor();

    const { x, y, height } = await widget.launcher.boundingBox();
    assert.equal(x, 20 + 30);
    assert.equal(y + height, 800 - 20 - 50);

    const panel = await widget.panel.boundingBox();
    assert.equal(panel.x, 50);
    assert.ok(panel.y >= 0, "nothing above the window");
    assert.deepEqual(complaints, []);
  });

  await t.test("a page from the server has them before a click", async () => {
    const page = await browser.page(`${chat.origin}/`);

    // the server looks for changes every few seconds
    const state = await until("the page to have it", async () => {
      const body = await (await fetch(`${chat.origin}/`)).text();
      return body.includes("#ffd400") && body.match(/data-chat='([^']*)'/)[1];
    });

    await page.route("**/plain.html", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><title>Plain</title><body>
          <script src="/chat/loader.js" data-chat='${state}'></script>`,
      }),
    );
    await page.goto(`${chat.origin}/plain.html`);

    const { launcher } = widgetOf(page);

    await launcher.waitFor();
    assert.deepEqual(await launcher.evaluate(paint), [
      "rgb(255, 212, 0)",
      "rgb(0, 0, 0)",
    ]);
    assert.equal((await launcher.boundingBox()).x, 50);
  });

  await t.test("a picture that can't be loaded is none", async () => {
    await put({ avatar: "/gone.png" });

    const page = await browser.page(`${chat.origin}/about.html`);

    const gone = page.waitForResponse("**/gone.png");

    await widgetOf(page).open();
    await gone;
    await page.locator(".header .lc-avatar").waitFor();
    await page.locator(".header img").waitFor({ state: "detached" });
    await put({});
  });
});
