// A page under a strict policy, with style sheets that mean no good.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HOSTILE = `
  * { all: unset !important; color: red !important; font: 40px serif; }
  html { font-size: 62.5%; direction: ltr; }
  div, section, button, p { display: none !important; }
  div { position: static !important; transform: rotate(5deg) !important; }
  body { transform: scale(0.5); filter: invert(1); }
`;

test("the page's rules and its looks don't reach the chat", async (t) => {
  const { chat, browser } = await open(t);

  async function shoot(css) {
    const profile = await browser.profile({ reducedMotion: "reduce" });
    const page = await profile.newPage();
    const complaints = watch(page);

    await page.route("**/host.html", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: { "Content-Security-Policy": POLICY },
        body: `<!doctype html><html lang="en"><title>Host</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="/host.css">
          <body><script src="/chat/loader.js" async></script></body></html>`,
      }),
    );
    await page.route("**/host.css", (route) =>
      route.fulfill({ contentType: "text/css", body: css }),
    );
    await page.goto(`${chat.origin}/host.html`);

    const widget = widgetOf(page);

    await widget.open();
    await widget.write("<img src=x onerror=alert(1)> https://a.example/");
    await widget.waitForMark("Sent");
    await widget.field.blur();

    assert.equal(await widget.log.locator("img").count(), 0);
    assert.equal(await widget.log.locator("a").count(), 1);

    const box = await widget.panel.boundingBox();

    return {
      complaints,
      box,
      pixels: await page.screenshot({
        clip: { ...box, height: box.height - 100 },
        // the time is not the page's doing
        mask: [page.locator("time")],
      }),
    };
  }

  const plain = await shoot("");
  const hostile = await shoot(HOSTILE);

  await t.test("no policy is violated, nothing fails", () => {
    assert.deepEqual(plain.complaints, []);
    assert.deepEqual(hostile.complaints, []);
  });

  await t.test("the panel looks the same, to the pixel", () => {
    assert.deepEqual(hostile.box, plain.box);
    assert.ok(hostile.pixels.equals(plain.pixels), "the pixels differ");
  });
});
