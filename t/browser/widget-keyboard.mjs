// Everything works from the keyboard, and the page does not listen in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("the keyboard", async (t) => {
  const { chat, browser, operator } = await open(t);
  const page = await browser.page(`${chat.origin}/`);
  const widget = widgetOf(page);

  await page.evaluate(() => {
    window.heard = [];
    for (const type of ["keydown", "keyup", "keypress"]) {
      document.addEventListener(type, (event) => window.heard.push(event.key));
    }
  });

  await t.test("Enter opens it, the focus is where one writes", async () => {
    await widget.launcher.focus();
    await page.keyboard.press("Enter");
    await widget.field.waitFor();
    await waitForFocus(page, "textarea");
  });

  await t.test("Enter sends, Shift and Enter begin a line", async () => {
    await page.keyboard.type("first");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second");
    assert.equal(await widget.field.inputValue(), "first\nsecond");
    await page.keyboard.press("Enter");
    await widget.waitForMark("Sent");
    assert.deepEqual(await widget.texts(), ["first\nsecond"]);
  });

  await t.test("Enter that chooses a word does not send", async () => {
    await widget.field.fill("かんじ");
    await widget.field.dispatchEvent("keydown", {
      key: "Enter",
      isComposing: true,
      bubbles: true,
      composed: true,
    });
    assert.equal(await widget.field.inputValue(), "かんじ");
    await widget.field.fill("");
  });

  await t.test("the order is header, log, composer, send", async () => {
    await page.locator(".end").focus();

    for (const name of ["round", "log", "textarea", "send"]) {
      await page.keyboard.press("Tab");
      await waitForFocus(page, name);
    }
  });

  await t.test("the question before the end keeps the focus", async () => {
    await page.locator(".end").focus();
    await page.keyboard.press("Enter");
    await waitForFocus(page, "secondary");
    await page.keyboard.press("Escape");
    await page.locator("[role=alertdialog]").waitFor({ state: "detached" });
    await waitForFocus(page, "end");
    assert.ok(await widget.panel.isVisible(), "only the question closed");
  });

  await t.test("Esc closes and gives the focus back", async () => {
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
    await waitForFocus(page, "launcher");
  });

  await t.test("an end by the operator is no start of a new one", async () => {
    await page.keyboard.press("Enter");
    await waitForFocus(page, "textarea");
    await page.keyboard.type("But");

    const { id } = await operator.conversationWith("first\nsecond");

    await operator.close(id);
    await waitForFocus(page, "ended");
    // written on, it begins nothing
    await page.keyboard.type(" wait");
    await page.keyboard.press("Enter");
    await waitForFocus(page, "ended");
    await page.keyboard.press("Tab");
    await waitForFocus(page, "primary");
    await page.keyboard.press("Enter");
    await waitForFocus(page, "textarea");
    assert.equal(await widget.field.inputValue(), "But");
  });

  await t.test("the page heard nothing", async () => {
    const heard = await page.evaluate(() => window.heard);
    assert.deepEqual(heard, []);
  });

  await t.test("it stands beside the page and keeps nobody in", async () => {
    assert.equal(await widget.panel.getAttribute("role"), "dialog");
    assert.notEqual(await widget.panel.getAttribute("aria-modal"), "true");
    assert.equal(await page.evaluate(() => document.body.inert), false);

    for (const key of ["Tab", "Shift+Tab"]) {
      await widget.field.focus();
      await leave(page, key);
      assert.ok(await widget.panel.isVisible(), "it stays open");
    }
  });
});

/** Of an element by its class or its tag. */
function waitForFocus(page, name) {
  return page.waitForFunction((wanted) => {
    const host = document.activeElement;
    const node = host?.shadowRoot?.activeElement;

    return node?.classList.contains(wanted) || node?.localName === wanted;
  }, name);
}

/** By a key, into the page; behind its end is what is the browser's own. */
async function leave(page, key) {
  const been = [];

  for (let i = 0; i < 10; i++) {
    await page.keyboard.press(key);

    const at = await page.evaluate(() => {
      const { activeElement, body } = document;
      const inside = activeElement?.shadowRoot?.activeElement;

      return {
        name: inside?.className ?? activeElement?.localName,
        page: activeElement !== body && body.contains(activeElement),
      };
    });

    been.push(at.name);

    if (at.page) {
      return;
    }
  }

  assert.fail(`${key} does not leave it: ${been.join(" ")}`);
}
