// Copyright (C) ngx_chat_module contributors
//
// What a visitor downloads, as it is on the wire, and how long the first look
// at the chat takes on a slow machine.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, working } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("what the chat costs", async (t) => {
  const { chat, browser } = await open(t);
  const page = await (await browser.profile()).newPage();
  const network = await page.context().newCDPSession(page);
  const asked = new Map();
  const bytes = [];

  await network.send("Network.enable");
  network.on("Network.responseReceived", ({ requestId, response }) => {
    const { pathname } = new URL(response.url);

    if (/^\/chat\/(loader\.js|w\/)/.test(pathname)) {
      asked.set(requestId, pathname);
    }
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) {
      bytes.push([asked.get(requestId), encodedDataLength]);
    }
  });

  const total = () => bytes.reduce((sum, [, size]) => sum + size, 0);
  const widget = widgetOf(page);

  // header fields count here: some 300 bytes a file
  await page.goto(`${chat.origin}/`);
  await widget.launcher.waitFor();
  await page.waitForLoadState("networkidle");

  await t.test("one file before a click, of 5 kB", () => {
    assert.equal(bytes.length, 1, JSON.stringify(bytes));
    assert.ok(total() <= 5600, `${total()} bytes`);
  });

  await t.test("three more with it, of 45 kB in all", async () => {
    await widget.open();
    await until("four files", () => bytes.length >= 4);
    assert.equal(bytes.length, 4, JSON.stringify(bytes));
    assert.ok(total() <= 45_000, `${total()} bytes`);
  });

  let held;

  /** How long it works, cached, on a machine a quarter as fast. */
  async function opening() {
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
    // a pointer above the button loads the files before the click
    await page.mouse.move(5, 5);
    await page.goto(`${chat.origin}/about.html`);
    await widget.launcher.waitFor();

    // not a word of the server's is needed for it
    let answer;
    held = new Promise((resolve) => {
      answer = resolve;
    });

    const worked = await working(page, 4);

    await page.evaluate(async () => {
      const root = [...document.documentElement.children].find(
        (node) => node.shadowRoot,
      ).shadowRoot;

      root.querySelector(".launcher").click();

      while (root.activeElement?.localName !== "textarea") {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });

    const took = await worked();

    answer();

    return took;
  }

  await t.test(
    "cached, it opens soon on a slow machine (aim: 300 ms)",
    async () => {
      const took = [];

      await page.route("**/api/v1/**", async (route) => {
        await held;
        await route.continue().catch(() => {});
      });

      while (took.length < 5) {
        took.push(await opening());
      }

      // others on the same caches can only add to it
      const least = Math.min(...took);

      t.diagnostic(`${took.map(Math.round)} ms of work`);
      assert.ok(least <= 300, `${took} ms`);
    },
  );
});
