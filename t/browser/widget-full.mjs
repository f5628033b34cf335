// Copyright (C) ngx_chat_module contributors
//
// The chat as one file that a page pins by its hash: it does all that the
// loader and its files do, under a policy that allows no other script, and a
// file with another content does not run.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { elsewhere } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const LINE = new URL("../../build/static/full.html", import.meta.url);
const line = (await readFile(LINE, "utf8")).trim();
const [, file, integrity] = line.match(/src="([^"]+)" integrity="([^"]+)"/);
const other = `sha384-${createHash("sha384").update("x").digest("base64")}`;

const element = line.replace("/chat/", "http://127.0.0.1:%%PORT%%/chat/");

const POLICY = [
  "default-src 'none'",
  `script-src '${integrity}' '${other}'`,
  "connect-src http://127.0.0.1:%%PORT%%",
  "img-src data:",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const page = (script) =>
  `'<!doctype html><html lang="$arg_lang"><title>Host</title>` +
  `<link rel="icon" href="data:,"><body>${script}</html>'`;

const CONFIG = elsewhere(`
        add_header Content-Security-Policy "${POLICY}";

        location / { return 200 ${page(element)}; }
        location /other { return 200 ${page(element.replace(integrity, other))}; }
`);

test("the chat in one file", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const site = `http://localhost:${chat.ports[2]}`;

  async function visit(path) {
    const profile = await browser.profile();
    const page = await profile.newPage();
    const complaints = watch(page);
    const asked = [];

    page.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());

      if (origin === chat.origin) {
        asked.push(pathname);
      }
    });
    await page.goto(`${site}${path}`);

    return { page, complaints, asked, widget: widgetOf(page) };
  }

  await t.test("is what its line says", async () => {
    const response = await fetch(`${chat.origin}${file}`);
    const hash = createHash("sha384")
      .update(Buffer.from(await response.arrayBuffer()))
      .digest("base64");

    assert.equal(`sha384-${hash}`, integrity);
    assert.match(response.headers.get("cache-control"), /immutable/);
  });

  await t.test("does all of it, and loads nothing more", async () => {
    const one = await visit("/?lang=en");

    await one.widget.launcher.waitFor();
    assert.deepEqual(one.asked, [file]);

    await one.widget.open();
    await one.widget.write("from one file");
    await one.widget.waitForMark("Sent");

    const { id } = await operator.conversationWith("from one file");

    await operator.say(id, "heard");
    await one.widget.waitForText("heard");

    // commands are a part of it as well
    await one.page.evaluate(() => window.chat("locale", "de"));
    await one.page
      .locator('.launcher[aria-label="Chat schließen"]')
      .waitFor({ state: "attached" });
    await one.page.evaluate(() => window.chat("close"));
    await one.widget.panel.waitFor({ state: "hidden" });

    assert.deepEqual(
      one.asked.filter((path) => path.startsWith("/chat/w/")),
      [file],
    );
    assert.deepEqual(one.complaints, []);
  });

  await t.test("in the page's language", async () => {
    const one = await visit("/?lang=fr");

    await one.widget.launcher.waitFor();
    assert.equal(
      await one.widget.launcher.getAttribute("aria-label"),
      "Discuter avec nous",
    );
    await one.widget.open();
    assert.deepEqual(one.complaints, []);
  });

  await t.test("another content does not run", async () => {
    const one = await visit("/other?lang=en");

    await until("the browser's word of it", () =>
      one.complaints.some((text) => /integrity|violates/i.test(text)),
    );
    await one.page.waitForLoadState("networkidle");
    assert.equal(await one.widget.launcher.count(), 0);
  });
});
