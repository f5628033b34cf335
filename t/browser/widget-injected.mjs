// Copyright (C) ngx_chat_module contributors
//
// A page that nginx has given the chat: it looks as the page says, works under
// a policy with a nonce, and hides its button while nobody is there.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = sites(
  "",
  `
        chat_widget on;

        location / { root %%STATIC%%/demo; }
        location /chat/ { chat; }

        location /hide/ {
            alias %%STATIC%%/demo/;
            chat_offline hide;
        }

        location /nonce/ {
            default_type text/html;
            chat_nonce $request_id;
            add_header Content-Security-Policy "default-src 'none'; script-src 'nonce-$request_id' 'strict-dynamic'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'";
            return 200 '<!doctype html><html lang="fr" data-chat-position="left"><title>a</title><link rel="icon" href="data:,"><body><p>a</body></html>';
        }`,
);

const OLD = (available) =>
  `<!doctype html><html lang="en"><link rel="icon" href="data:,"><body>
   <script src="/chat/loader.js" async data-chat='${JSON.stringify({
     at: 1,
     available,
     offline: "hide",
   })}'></script></body></html>`;

test("pages that nginx gives the chat", async (t) => {
  const { chat, browser } = await open(t, { config: CONFIG, operator: false });

  async function visit(path, prepare) {
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
    await prepare?.(page);
    await page.goto(`${chat.origin}${path}`);
    await page.waitForLoadState("networkidle");

    return { page, profile, complaints, asked, widget: widgetOf(page) };
  }

  const old = (available) => (page) =>
    page.route("**/old.html", (route) =>
      route.fulfill({ contentType: "text/html", body: OLD(available) }),
    );

  await t.test("the shop has a button, of the shop's colour", async () => {
    const { widget, complaints, asked } = await visit("/");

    await widget.launcher.waitFor();
    assert.equal(
      await widget.launcher.evaluate(
        (node) => getComputedStyle(node).backgroundColor,
      ),
      "rgb(47, 85, 72)",
    );
    assert.deepEqual(asked, ["/chat/loader.js"]);

    await widget.open();
    await widget.write("hello");
    await widget.waitForMark("Sent");
    assert.deepEqual(complaints, []);
  });

  await t.test("a nonce is all that a policy needs", async () => {
    const { widget, complaints, page } = await visit("/nonce/");

    await widget.open();
    await widget.write("bonjour");
    await widget.waitForMark("Envoyé");
    assert.ok((await widget.launcher.boundingBox()).x < 100, "on the left");
    assert.equal(await page.locator("script").count(), 1);
    assert.deepEqual(complaints, []);
  });

  await t.test("no button while nobody is there", async () => {
    const { widget, asked, page } = await visit("/hide/");

    await widget.launcher.waitFor({ state: "attached" });
    assert.equal(await widget.launcher.isVisible(), false);
    assert.deepEqual(asked, ["/chat/loader.js"]);

    // but the page may open the chat

    await page.evaluate(() => window.chat("open"));
    await widget.field.waitFor();
    await page.keyboard.press("Escape");
    await widget.launcher.waitFor();
  });

  await t.test("who has written keeps the button", async () => {
    const { widget, profile } = await visit("/");

    await widget.open();
    await widget.write("hello");
    await widget.waitForMark("Sent");

    const next = await profile.newPage();

    await next.goto(`${chat.origin}/hide/`);
    await widgetOf(next).launcher.waitFor();
  });

  await t.test("an old page asks whether that still holds", async () => {
    const { widget, asked } = await visit("/old.html", old(true));

    await widget.launcher.waitFor({ state: "attached" });
    await widget.launcher.waitFor({ state: "hidden" });
    assert.deepEqual(asked, [
      "/chat/loader.js",
      "/chat/api/v1/visitor/availability",
    ]);
  });

  await t.test("and shows the button when somebody has come", async () => {
    const { widget } = await visit("/old.html", async (page) => {
      await old(false)(page);
      await page.route("**/visitor/availability", (route) =>
        route.fulfill({ json: { available: true } }),
      );
    });

    await widget.launcher.waitFor();
  });

  await t.test("an answer that fails changes nothing", async () => {
    const { widget, asked } = await visit("/old.html", async (page) => {
      await old(true)(page);
      await page.route("**/visitor/availability", (route) =>
        route.fulfill({ status: 503, json: {} }),
      );
    });

    await until("it has asked", () => asked.length === 2);
    await widget.launcher.waitFor();
  });

  await t.test("what stands in the attribute may be anything", async () => {
    for (const text of ["", "{", "[]", "null", '{"at":"x"}', "7"]) {
      const { widget } = await visit("/odd.html", (page) =>
        page.route("**/odd.html", (route) =>
          route.fulfill({
            contentType: "text/html",
            body: `<!doctype html><script src="/chat/loader.js"
                   data-chat='${text}' async></script>`,
          }),
        ),
      );

      await widget.launcher.waitFor();
    }
  });
});
