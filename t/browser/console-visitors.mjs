// A visitor goes through the shop while a console looks on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { consoleOf, openConsole } from "./lib/console.mjs";
import { PERSON, sites } from "./lib/shop.mjs";

const CONFIG = sites(
  `
    chat_track on;
    chat_consent 1;
    chat_country "FR, Lyon";`,
  `
        location / { root %%STATIC%%/demo; error_page 404 /404.html; }

        location = /cart {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location = /app {
            default_type text/html;
            return 200 '<!doctype html><title>App</title>
                <script src="/chat/loader.js" data-track async></script>';
        }

        location /chat/ { chat; }`,
  `
        chat_track off;

        location / {
            default_type text/html;
            add_header X-Chat-User "id=42; name=Ada%20Lovelace";
            add_header X-Chat-Cart "amount=129.90; currency=EUR; items=3";
            return 200 "<!doctype html><title>Cart</title>";
        }`,
);

test("the console shows who is on the site", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const one = await consoleOf(browser, chat);
  const { page, dialog } = one;
  const rows = page.locator(".visitors tbody tr");
  const person = rows.locator(".cell-person");

  await one.logIn();
  await page.getByRole("link", { name: "Visitors" }).click();
  await page.getByText("Nobody is on the site").waitFor();

  const before = Date.now();
  const shop = await browser.page(`${chat.origin}/`, { userAgent: PERSON });

  await t.test("somebody comes", async () => {
    await rows.first().waitFor();
    assert.equal(await rows.count(), 1);
    await rows.getByText("Direct").waitFor();
    await rows.getByText("FR, Lyon").waitFor();
    await page.getByText("1 person is on the site.").waitFor();
  });

  await t.test("since when it is there goes on with the clock", async () => {
    // by a clock of the test's own, on a page of its own
    const timed = await consoleOf(browser, chat);
    const since = timed.page.locator(".visitors tbody td.tabular").first();
    const [{ started_at }] = (await operator.call("GET", "/operator/visits"))
      .visits;

    assert.ok(started_at >= before && started_at <= Date.now());
    await timed.logIn();
    await timed.page.clock.install();
    await timed.go("visitors");

    for (const [ms, text] of [
      [42_500, "42 secs"],
      [7 * 60_000 + 500, "7 mins"],
    ]) {
      await timed.page.clock.setFixedTime(started_at + ms);
      await since.getByText(text, { exact: true }).waitFor();
    }

    await timed.page.context().close();
  });

  await t.test("and goes through the shop", async () => {
    await shop.goto(`${chat.origin}/gear/tent.html?sku=tent`);
    await rows.getByText("/gear/tent.html").waitFor();
    await shop.goto(`${chat.origin}/nowhere`);
    await rows.getByText("/nowhere").waitFor();
    await rows.getByText("404").waitFor();
    assert.equal(await rows.count(), 1, "one visitor");
  });

  await t.test("what comes before the list is not lost with it", async () => {
    const other = await consoleOf(browser, chat);
    const list = /operator\/visits(\?|$)/;
    let release;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    const asked = new Promise((resolve) => {
      void other.page.route(list, async (route) => {
        const response = await route.fetch();

        resolve();
        await held;
        await route.fulfill({ response });
      });
    });

    await other.logIn();
    await other.go("visitors");
    await asked;

    // a page of the same browser: it hears of news by the same stream
    const third = await openConsole(
      await other.page.context().newPage(),
      chat,
    );

    await third.go("visitors");
    await third.page.locator('[title="/nowhere"]').waitFor();
    await shop.goto(`${chat.origin}/gear/lamp.html`);
    await third.page.locator('[title="/gear/lamp.html"]').waitFor();

    const answered = other.page.waitForResponse(list);

    release();
    await (await answered).finished();
    // what the page asks for after it comes after it
    await other.page.evaluate(() => fetch("").then((page) => page.text()));
    await other.page.locator('[title="/gear/lamp.html"]').waitFor();
    await other.page.context().close();
  });

  await t.test("the backend says who it is", async () => {
    await shop.goto(`${chat.origin}/cart`);
    await rows.getByText("Ada Lovelace").waitFor();
    await rows.getByText("€129.90").waitFor();
    await rows.getByText("Customer").waitFor();
  });

  await t.test("a script that shows pages tells of them", async () => {
    const beacons = [];

    shop.on("request", (request) => {
      if (request.url().endsWith("/visitor/page")) {
        beacons.push(request.postDataJSON());
      }
    });

    await shop.goto(`${chat.origin}/app`);
    await shop.waitForFunction(
      () => "ngxChat" in document.documentElement.dataset,
    );
    await shop.evaluate(() => {
      history.pushState(null, "", "/app/step?token=secret");
      document.title = "Second step";
    });
    await rows.getByText("Second step").waitFor();
    await until("the beacon", () => beacons.length > 0);
    assert.equal(beacons.length, 1, "none for the page itself");
    await shop.evaluate(() => history.replaceState(null, "", "?tab=2"));
    await shop.goBack();
    await until("the step back", () => beacons.length === 2);
    assert.ok(new URL(beacons[1].url).pathname === "/app");
    await rows.locator('.cell-text[title="/app"]').waitFor();
  });

  await t.test("one visitor, by the keyboard", async () => {
    await person.focus();
    await page.keyboard.press("Enter");
    await dialog.getByText("Pages of this visit").waitFor();

    const path = await dialog.locator(".visit-page").allTextContents();

    assert.deepEqual(path, [
      "/",
      "/gear/tent.html",
      "/nowhere",
      "/gear/lamp.html",
      "/cart",
      "/app",
      "/app/step",
      "/app",
    ]);
    assert.equal(await dialog.getByText("Earlier visits").count(), 0);
    await dialog.getByText("3 items").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await until("the focus to be back", () =>
      person.evaluate((button) => button === document.activeElement),
    );
  });

  // operators are never refused, so this does not shut the console out

  const opens = () =>
    shop.evaluate(async () => {
      const answer = await fetch("/chat/api/v1/visitor/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });
      return answer.status;
    });

  const refusedAndBack = async () => {
    await one.notice.getByText("127.0.0.0/24 is refused for a day").waitFor();
    assert.equal(await opens(), 403, "it is refused");
    await one.notice.getByRole("button", { name: "Undo" }).click();
    await one.notice.getByText("127.0.0.0/24 is let in again").waitFor();
    assert.equal(await opens(), 200, "and let in");
  };

  const shows = (button, opacity) =>
    until(`the button's opacity to be ${opacity}`, () =>
      button.evaluate(
        (node, value) => getComputedStyle(node).opacity === value,
        opacity,
      ),
    );

  const picture = async (of, name) => {
    if (process.env.CHAT_SHOTS) {
      await of.screenshot({ path: `${process.env.CHAT_SHOTS}/${name}.png` });
    }
  };

  await t.test("the address of one who never talked is blocked", async () => {
    await person.click();
    await one.button("Block 127.0.0.0/24").click();
    await dialog.waitFor({ state: "detached" });
    await refusedAndBack();
  });

  await t.test("so it is with one click on its row", async () => {
    const block = one.button("Block the network of Ada Lovelace");

    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement.blur());
    await shows(block, "0");
    await rows.hover();
    await shows(block, "1");
    await picture(page, "row");
    await block.click();
    await refusedAndBack();
    assert.equal(await dialog.count(), 0, "nothing is asked");

    await page.mouse.move(0, 0);
    await person.focus();
    await page.keyboard.press("Tab");
    await block.and(page.locator(":focus")).waitFor();
    await shows(block, "1");
    await page.keyboard.press("Enter");
    await refusedAndBack();
  });

  await t.test("who talks is blocked from here, too", async () => {
    const sent = await shop.evaluate(async () => {
      const post = (path, body) =>
        fetch(`/chat/api/v1/visitor/${path}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });

      await post("session", {});
      return (await post("messages", { client_id: "on-the-site", text: "hi" }))
        .status;
    });

    assert.equal(sent, 201);
    await rows.getByText("In a conversation").waitFor();
    await person.click();
    await one.button("Block the visitor").click();
    await dialog.waitFor({ state: "detached" });
    await one.notice.getByText(/is blocked/).waitFor();
    await one.notice.getByRole("button", { name: "Undo" }).click();
    await one.notice.getByText(/is let in again/).waitFor();

    await one.button("Block Ada Lovelace").click();
    await one.notice.getByText(/its messages reach nobody/).waitFor();
    await one.notice.getByRole("button", { name: "Undo" }).click();
    await one.notice.getByText(/is let in again/).waitFor();
    assert.equal(await dialog.count(), 0, "nothing is asked");
  });

  await t.test("and the address from the conversation", async () => {
    await one.go("inbox");
    await one.openRow("hi");
    await page.locator(".profile").getByText("127.0.0.0/24").waitFor();
    await one.button("Block 127.0.0.0/24").click();
    await refusedAndBack();
  });

  await t.test("what can be undone stays as long as one is at it", async () => {
    const undo = one.notice.getByRole("button", { name: "Undo" });
    const minute = () => page.clock.runFor(60_000);

    await one.notice.getByText(/./).first().waitFor({ state: "detached" });
    await page.clock.install();
    await one.button("Block 127.0.0.0/24").click();
    await undo.waitFor();
    await undo.focus();
    await minute();
    assert.ok(await undo.isVisible(), "the keyboard is there");
    await undo.hover();
    await undo.blur();
    await minute();
    assert.ok(await undo.isVisible(), "the pointer is there");
    await page.mouse.move(0, 0);
    await minute();
    assert.equal(await undo.count(), 0, "nobody is at it any more");
    await one.go("visitors");
  });

  await t.test("in other languages, and on a phone", async () => {
    for (const [locale, title] of [
      ["fr-FR", "Visiteurs"],
      ["de-DE", "Besucher"],
    ]) {
      const phone = await consoleOf(browser, chat, {
        locale,
        viewport: { width: 360, height: 740 },
        colorScheme: "dark",
        hasTouch: true,
        isMobile: true,
      });

      await phone.page
        .locator("input[name=login], input")
        .first()
        .fill(chat.operator.login);
      await phone.page
        .locator("input[type=password]")
        .fill(chat.operator.password);
      await phone.page.locator("button[type=submit]").click();
      await phone.page.locator(".shell").waitFor();
      await phone.go("visitors");
      await phone.page.getByRole("heading", { name: title }).waitFor();
      await phone.page.getByText("Ada Lovelace").waitFor();
      assert.equal(
        await phone.page.evaluate(
          () => document.documentElement.scrollWidth > innerWidth,
        ),
        false,
        "nothing sticks out",
      );

      await shows(
        phone.page.locator(".visitors tr").getByRole("button", {
          name: /Ada Lovelace sperren|Bloquer Ada Lovelace/,
        }),
        "1",
      );
      await picture(phone.page, `phone-${locale}`);

      assert.deepEqual(phone.complaints, []);
      await phone.page.context().close();
    }
  });

  if (process.env.CHAT_SHOTS) {
    await page.screenshot({ path: `${process.env.CHAT_SHOTS}/list.png` });
    await person.click();
    await dialog.getByText("Pages of this visit").waitFor();
    await page.screenshot({ path: `${process.env.CHAT_SHOTS}/one.png` });
  }

  assert.deepEqual(one.complaints, []);
});
