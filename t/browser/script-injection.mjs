// Whatever a person types is shown as typed, in the widget and in the console:
// no script runs, no element comes of it, and no policy has to step in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { consoleOf, openConsole, Visitor } from "./lib/console.mjs";
import {
  escaped,
  hear,
  listen,
  made,
  PAYLOADS,
  POLICY,
} from "./lib/injection.mjs";
import { widgetOf } from "./lib/widget.mjs";

/** Enough of them where each takes its time. */
const SOME = PAYLOADS.filter((_, n) => n < 4 || n % 3 === 0);

test("text stays text", async (t) => {
  const { chat, browser, operator } = await open(t);
  // tall: lists make the rows that can be seen
  const profile = await browser.profile({
    viewport: { width: 1280, height: 2600 },
  });
  const reports = [];

  await profile.addInitScript(listen);

  // a page of the shop whose own title and address mean no good, either
  async function shop(policy) {
    const page = await profile.newPage();

    page.on("dialog", (dialog) => {
      reports.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.route("**/csp-report", (route) => {
      reports.push(route.request().postData());
      return route.fulfill({ status: 204 });
    });
    await page.route("**/host.html*", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: policy ? { "Content-Security-Policy": policy } : {},
        body: `<!doctype html><html lang="en">
          <title>${escaped(PAYLOADS[3])}</title><link rel="icon" href="data:,">
          <body><script src="/chat/loader.js" async></script></body></html>`,
      }),
    );
    await page.goto(
      `${chat.origin}/host.html?q=${PAYLOADS[1]}#${encodeURI(PAYLOADS[2])}`,
    );
    return page;
  }

  const policy = `${POLICY}; report-uri /csp-report`;
  const page = await shop(policy);
  const complaints = watch(page);
  const widget = widgetOf(page);
  const desk = await openConsole(await profile.newPage(), chat);
  let id;

  await t.test("the ear hears", async () => {
    const other = await shop();

    await other.setContent("<img src=x onerror=xss(1)><p onclick=x()>");
    await until("a script", () =>
      other.evaluate(() => globalThis.heard.length > 0),
    );
    assert.deepEqual(await other.evaluate(made), [
      'img onerror="xss(1)"',
      'p onclick="x()"',
    ]);
    await other.close();

    const strict = await shop(policy);

    await strict.evaluate(() => {
      try {
        document.body.innerHTML = "<i></i>";
      } catch {}
    });
    await until("a violation", () =>
      strict.evaluate(() =>
        globalThis.heard.some((line) => /^require-trusted/.test(line)),
      ),
    );
    await until("a report", () => reports.length > 0);
    await strict.close();
    reports.length = 0;
  });

  await t.test("the visitor's own messages", async () => {
    await widget.open();

    for (const text of PAYLOADS) {
      await widget.write(text);
      await widget.waitForText(text);
    }

    await widget.waitUntilSent();
    assert.deepEqual(await widget.texts(), PAYLOADS);
    await hear(page, "in the widget");
    ({ id } = await operator.conversationWith(PAYLOADS[0]));
  });

  await t.test("the same on a page without a policy, reloaded", async () => {
    const lax = await shop();
    const again = widgetOf(lax);

    await again.open();
    await again.waitForText(PAYLOADS.at(-1));
    assert.deepEqual(await again.texts(), PAYLOADS);
    await hear(lax, "without a policy");
    await lax.close();
  });

  await t.test("what the operator sees of it", async () => {
    await desk.logIn();
    await desk.go(`c/${id}`);
    await desk.waitForTexts(PAYLOADS);
    await desk.page.locator(".profile .page-title", {
      hasText: PAYLOADS[3],
    }).waitFor();

    for (const text of [PAYLOADS[1], PAYLOADS[16]]) {
      await widget.field.fill(text);
      await desk.page.locator(".preview", { hasText: text }).waitFor();
    }

    await widget.field.fill("");
    await hear(desk.page, "in the thread");
  });

  await t.test("one row, page and address each", async () => {
    for (const text of PAYLOADS) {
      const visitor = await Visitor.open(chat.origin);

      await visitor.say(text, { url: text, title: text });
    }

    await desk.go("inbox");
    await until("all rows", async () => {
      const shown = await desk.page.locator(".row-text").allTextContents();
      return PAYLOADS.every((text) => shown.some((row) => row.includes(text)));
    });

    for (const text of [PAYLOADS[1], PAYLOADS[8], PAYLOADS[10], PAYLOADS[12]]) {
      const conversation = await operator.conversationWith(text);

      await desk.go(`c/${conversation.id}`);
      await desk.page.locator(".profile dd", { hasText: text }).first()
        .waitFor();
      await hear(desk.page, `the visitor's page: ${text}`);
      await operator.close(conversation.id);
    }

    await desk.go("history");
    await desk.page.locator(".cell-text", { hasText: PAYLOADS[8] }).waitFor();
    await hear(desk.page, "in the history");
  });

  await t.test("names of operators", async () => {
    for (const [n, name] of SOME.entries()) {
      await chat.account({ login: `evil${n}`, name });
    }

    await desk.go("team");

    for (const name of SOME) {
      await desk.page.getByRole("row").filter({ hasText: name }).first()
        .waitFor();
    }

    await hear(desk.page, "in the team");
  });

  await t.test("an operator's name and words, to the visitor", async () => {
    const evil = await consoleOf(browser, chat);
    const name = PAYLOADS[2];

    await evil.page.addInitScript(listen);
    await evil.page.reload();
    await evil.logIn({ login: "evil2", password: "agent 3 has a password" });
    await evil.go(`c/${id}`);
    await evil.button("Take").click();
    await widget.panel.getByText(name).first().waitFor();

    for (const text of SOME) {
      await evil.write(text);
    }

    await until("all replies", async () => {
      const shown = await widget.texts();
      return shown.length === PAYLOADS.length + SOME.length;
    });
    assert.deepEqual(await widget.texts(), [...PAYLOADS, ...SOME]);
    await hear(page, "the operator's words in the widget");
    await hear(evil.page, "one's own words in the console");
    await desk.go(`c/${id}`);
    await desk.page.locator(".thread.active", { hasText: name }).waitFor();
    await hear(desk.page, "a colleague's name");

    // the form that is wrong, and drafts
    await evil.field.fill(PAYLOADS[1]);
    await evil.go("account");
    await evil.go("inbox");
    await hear(evil.page, "a draft");
    assert.deepEqual(evil.complaints, []);
  });

  await t.test("links lead to addresses only", async () => {
    for (const side of [page, desk.page]) {
      const links = await side.locator(".bubble a").evaluateAll((nodes) =>
        nodes.map((node) => [node.href, node.rel, node.target]),
      );

      assert.ok(links.length > 0, "there are links");

      for (const [href, rel, target] of links) {
        assert.match(href, /^(?:https?:\/\/|mailto:)/);
        assert.match(rel, /noopener noreferrer/);
        assert.equal(target, "_blank");
      }
    }
  });

  await t.test("titles of pages", async () => {
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { get: () => true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await operator.say(id, PAYLOADS[0]);
    await until("an unread message in the title", async () =>
      (await page.title()).startsWith("(1) "),
    );
    assert.equal(await page.title(), `(1) ${PAYLOADS[3]}`);
    await hear(page, "the title");
  });

  await t.test("addresses of the console", async () => {
    for (const text of [PAYLOADS[1], PAYLOADS[9]]) {
      const address = encodeURIComponent(text);

      await desk.page.goto(
        `${chat.origin}/chat/console/?${address}=${address}#/c/${text}`,
      );
      await desk.page.goto(`${chat.origin}/chat/console/#${text}`);
      await desk.page.locator(".shell").waitFor();
      await hear(desk.page, `the address ${text}`);
    }
  });

  await t.test("the form of the log-in", async () => {
    const stranger = await consoleOf(browser, chat);

    await stranger.page.addInitScript(listen);
    await stranger.page.goto(
      `${chat.origin}/chat/console/?login=${encodeURI(PAYLOADS[1])}#/login`,
    );
    await stranger.page
      .getByLabel("Login", { exact: true })
      .fill(PAYLOADS[1]);
    await stranger.page.getByLabel("Password", { exact: true }).fill("x");
    await stranger.button("Log in").click();
    await stranger.page.getByText("The login or the password is wrong.").waitFor();
    await hear(stranger.page, "a wrong log-in");
    assert.deepEqual(stranger.complaints, []);
  });

  assert.deepEqual(reports, [], "no policy had to report anything");
  assert.deepEqual(complaints, []);
  assert.deepEqual(desk.complaints, []);
});
