// Until the visitor acts: one script, nothing stored, nothing moved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("before the visitor acts", async (t) => {
  const { chat, browser } = await open(t);
  const profile = await browser.profile();
  const page = await profile.newPage();
  const complaints = watch(page);
  const asked = [];

  page.on("request", (request) => {
    const { pathname } = new URL(request.url());

    if (pathname.startsWith("/chat/")) {
      asked.push(pathname);
    }
  });

  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        window.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });

  await page.goto(`${chat.origin}/`);

  const widget = widgetOf(page);

  await widget.launcher.waitFor();
  await page.waitForLoadState("networkidle");

  await t.test("one request and no trace", async () => {
    assert.deepEqual(asked, ["/chat/loader.js"]);
    assert.deepEqual(await profile.cookies(), []);
    assert.deepEqual(await stored(page), []);
  });

  await t.test("to look is not to chat", async () => {
    await widget.open();
    assert.deepEqual(
      await page.evaluate(() => Object.keys(localStorage)),
      [],
    );
    await page.keyboard.press("Escape");
  });

  await t.test("the page's layout never moves", async () => {
    assert.equal(await page.evaluate(() => window.shift), 0);
  });

  await t.test("nor the title of the chat, when its words come late", async () => {
    const other = await profile.newPage();

    // it is still on its way up, else
    await other.emulateMedia({ reducedMotion: "reduce" });

    const title = other.locator(".who h2");
    let answer;
    const held = new Promise((resolve) => {
      answer = resolve;
    });

    await other.route("**/visitor/session", async (route) => {
      await held;
      await route.continue();
    });
    await other.goto(`${chat.origin}/about.html`);
    await widgetOf(other).open();

    const before = await title.boundingBox();

    answer();
    await other.locator(".status").getByText(/\w/).waitFor();
    assert.deepEqual(await title.boundingBox(), before);
    await other.close();
  });

  await t.test("a chat that can't load is no error of the page", async () => {
    const other = await profile.newPage();
    const errors = [];

    other.on("pageerror", (error) => errors.push(error));
    await other.route("**/chat/w/*", (route) => route.abort());
    await other.goto(`${chat.origin}/`);
    await widgetOf(other).launcher.click();
    await other.waitForFunction(
      () =>
        [...document.documentElement.children]
          .find((node) => node.shadowRoot)
          .shadowRoot.querySelector(".launcher")
          .getAttribute("aria-expanded") === "false",
    );
    assert.deepEqual(errors, []);

    await other.unroute("**/chat/w/*");
    await other.reload();
    await widgetOf(other).open();
  });

  assert.deepEqual(complaints, []);
});

function stored(page) {
  return page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
  ]);
}
