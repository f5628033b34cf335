// Copyright (C) ngx_chat_module contributors
//
// A customer goes through the demonstration shop, from the first page to the
// order and to what goes wrong in shops, while an operator looks on in the
// console: each page, the basket, the order, the invitation that becomes a
// conversation, a block and its end. So does one whose browser runs no script.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";
import { sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = sites(
  `
    chat_track on;
    chat_offline hide;`,
  `
        root %%STATIC%%/demo;
        include %%ROOT%%/static/demo/shop.conf;

        location /chat/ { chat; }`,
);

// what a browser would say if it were not a program's

const person = (name) => ({
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" +
    ` Chrome/126.0.0.0 Safari/537.36 ${name}`,
});

const INVITATIONS = new URL(
  "../../static/demo/invitations.jsonl",
  import.meta.url,
);

test("through the shop, while a console looks on", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const desk = await consoleOf(browser, chat, {
    viewport: { width: 1440, height: 900 },
  });
  const { page, dialog } = desk;
  const rows = page.locator(".visitors tbody tr");
  const customer = await browser.profile(person("customer"));
  const shop = await customer.newPage();
  const complaints = watch(shop);
  const widget = widgetOf(shop);
  let number;

  const shot = async (of, name) => {
    if (process.env.CHAT_SHOTS) {
      await of.screenshot({ path: `${process.env.CHAT_SHOTS}/${name}.png` });
    }
  };

  const place = (row) => row.locator(".cell-text");
  const shows = (row, path, title) =>
    row
      .locator(`.cell-text[title="${path}"]`)
      .getByText(title, { exact: true })
      .waitFor();

  const look = async (row) => {
    await row.locator(".cell-person").click();
    await dialog.locator(".visit-page").first().waitFor();
  };

  const chooseStatus = async (name) => {
    await page.locator(".presence > button").click();
    await page
      .locator(".menu")
      .getByRole("button", { name: new RegExp(`^${name}`) })
      .click();
  };

  // one step builds on the other: after one that fails there are no more

  let broken = false;

  const step = (name, action) =>
    t.test(name, { skip: broken }, async () => {
      broken = true;
      await action();
      broken = false;
    });

  // as script/server makes them; who tests does not wait ten seconds

  for (const line of (await readFile(INVITATIONS, "utf8")).trim().split("\n")) {
    const rule = JSON.parse(line.replace('"value": 10}', '"value": 1}'));

    await operator.call("POST", "/admin/triggers", rule);
  }

  await desk.logIn();
  await page.getByRole("link", { name: "Visitors" }).click();
  await page.getByText("Nobody is on the site").waitFor();

  await step("somebody comes, and agrees to be known again", async () => {
    await shop.goto(`${chat.origin}/`, {
      referer: "https://search.example/?q=private",
    });
    await shows(rows, "/", "Northbound: gear for the hills");
    await rows.getByText("search.example").waitFor();
    await rows.getByText("New", { exact: true }).waitFor();
    assert.deepEqual(await customer.cookies(), [], "no cookie before");

    await shop.getByRole("link", { name: "Privacy" }).click();
    await shop.getByRole("button", { name: "Know me next time" }).click();
    await shop.getByText("You allowed it").waitFor();

    const names = (await customer.cookies()).map(({ name }) => name);

    assert.deepEqual(names.sort(), ["agreed", "chat_visitor"]);
    await shows(rows, "/privacy.html", "Privacy: Northbound");
    await rows.getByText("1", { exact: true }).waitFor();
    assert.equal(await rows.count(), 1, "one person");
  });

  await step("looks at a product, and the basket fills", async () => {
    await shop.getByRole("link", { name: "Gear" }).click();
    await shop.getByRole("link", { name: /Ember/ }).click();
    await shows(rows, "/gear/lamp.html", "Ember: Northbound");
    await shop.getByRole("button", { name: "Add to basket" }).click();
    await shop.getByText("In your basket: 1").waitFor();
    await shop.getByRole("link", { name: "Go to the basket" }).click();
    await shows(rows, "/basket.html", "Your basket: Northbound");
    await rows.locator(".cell-cart").getByText("€45.00").waitFor();
    await shot(shop, "basket");
  });

  await step("is invited at the checkout, and answers", async () => {
    await shop.getByRole("link", { name: "Go to the checkout" }).click();
    await shop
      .locator(".invite-open")
      .getByText("Hello there, is anything unclear about delivery or payment?")
      .waitFor();
    await rows.getByText("Invited").waitFor();
    await shot(shop, "invited");
    await shop.locator(".invite-open").click();
    await widget.write("Do you deliver to Norway?");
    await widget.waitForMark("Sent");
    await rows.getByText("In a conversation").waitFor();
  });

  await step("an operator answers, and knows who began", async () => {
    await page.getByRole("link", { name: "Inbox" }).first().click();
    await desk.openRow("Do you deliver to Norway?");
    await page.locator(".thread-who").getByText("Proactive").waitFor();
    await shot(page, "thread");
    await desk.write("We do, in four days.");
    await widget.waitForText("We do, in four days.");
    await shop.keyboard.press("Escape");
    await page.getByRole("link", { name: "Visitors" }).click();
  });

  await step("orders", async () => {
    for (const [label, text] of [
      ["Name", "Ada"],
      ["E-mail", "ada@example.com"],
      ["Street and number", "14 Mill Lane"],
      ["Postcode", "0150"],
      ["Town", "Oslo"],
    ]) {
      await shop.getByLabel(label, { exact: true }).fill(text);
    }

    await shop.getByRole("button", { name: "Buy now" }).click();
    number = await shop.locator("#number").textContent();
    assert.match(number, /^NB-\w{8}$/);
    await shows(rows, "/order.html", "Thank you: Northbound");
    await rows.locator(".cell-cart").waitFor({ state: "detached" });
    await shot(shop, "ordered");
  });

  await step("and all of that is in the visit", async () => {
    await look(rows);
    await dialog.getByText(number, { exact: true }).waitFor();
    await dialog.getByText("search.example").waitFor();

    const path = dialog.locator(".visit-path").first();

    assert.deepEqual(await path.locator(".visit-page").allTextContents(), [
      "/",
      "/privacy.html",
      "/privacy.html",
      "/",
      "/gear/lamp.html",
      "/basket.html",
      "/checkout.html",
      "/order.html",
    ]);

    const dwell = await path.locator("small").allTextContents();

    assert.equal(dwell.length, 8);
    assert.match(dwell[6], /[1-9]/, "the checkout took a second at least");
    await shot(page, "visit");
    await page.keyboard.press("Escape");

    const { triggers } = await operator.call("GET", "/admin/triggers");
    const { counts } = triggers.find(({ name }) => /checkout/.test(name));

    assert.equal(counts.opened, 1);
    assert.equal(counts.conversations, 1);
  });

  await step("signs in, and has a name", async () => {
    await shop.getByRole("link", { name: "Account" }).click();
    await shop.getByRole("button", { name: /^Sign in/ }).click();
    await rows.getByText("Ada Lovelace").waitFor();
    await look(rows);
    await dialog.getByText("ada@northbound.example").waitFor();
    await dialog.getByText("member", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
  });

  await step("meets a slow page, a missing one, a broken one", async () => {
    const started = Date.now();

    await shop.getByRole("link", { name: "The workshop" }).click();
    await shows(rows, "/workshop.html", "The workshop: Northbound");
    assert.ok(Date.now() - started > 1500, "it is slow");
    await shop.getByRole("link", { name: "Winter sale" }).click();
    await shop.getByRole("heading", { name: "Off the path" }).waitFor();
    await place(rows).getByText("404", { exact: true }).waitFor();
    await shop.getByRole("link", { name: "Gift cards" }).click();
    await shop.getByRole("heading", { name: "A broken strap" }).waitFor();
    await place(rows).getByText("500", { exact: true }).waitFor();
    assert.equal(await shop.locator(".invite").count(), 0, "once a visit");
  });

  await step("is blocked by one click, and let in again", async () => {
    const { id } = await operator.conversationWith("We do, in four days.");

    await look(rows);
    await desk.button("Block the visitor").click();
    await desk.notice.getByText(/is blocked/).waitFor();
    await desk.keepUndo();
    await widget.open();
    await widget.write("nobody hears this");
    await widget.waitForMark("Sent");
    assert.ok(!(await operator.texts(id)).includes("nobody hears this"));

    await desk.notice.getByRole("button", { name: "Undo" }).click();
    await desk.notice.getByText(/is let in again/).waitFor();
    await widget.write("and this everybody");
    await until("the message", async () =>
      (await operator.texts(id)).includes("and this everybody"),
    );
    assert.ok(!(await operator.texts(id)).includes("nobody hears this"));
  });

  await step("nobody is there: others see no button", async () => {
    // a new browser each time: a page that it keeps knows what was

    const buttonShows = async () => {
      const other = await browser.page(`${chat.origin}/`, person("other"));
      const { launcher } = widgetOf(other);

      await launcher.waitFor({ state: "attached" });

      const visible = await launcher.isVisible();

      await other.context().close();
      return visible;
    };

    assert.equal(await buttonShows(), true);
    await chooseStatus("Offline");
    await until("no button", async () => !(await buttonShows()));
    await shop.goto(`${chat.origin}/about.html`);
    await widget.launcher.waitFor();

    await chooseStatus("Online");
    await until("the button", buttonShows);
  });

  await step("a browser without scripts is followed as well", async () => {
    const plain = await browser.page(`${chat.origin}/`, {
      ...person("plain"),
      javaScriptEnabled: false,
    });

    await plain.getByRole("link", { name: /Trail GTX Mid/ }).click();
    await shows(rows, "/gear/boots.html", "Trail GTX Mid: Northbound");

    const id = await rows
      .filter({ has: page.locator('[title="/gear/boots.html"]') })
      .locator(".cell-person")
      .getAttribute("data-visit");
    const row = rows.filter({ has: page.locator(`[data-visit="${id}"]`) });

    await plain.getByRole("button", { name: "Add to basket" }).click();
    await plain.getByRole("heading", { name: "Your basket" }).waitFor();
    await shows(row, "/basket.html", "Your basket: Northbound");
    await plain.goto(`${chat.origin}/nowhere`);
    await place(row).getByText("404", { exact: true }).waitFor();
    await look(row);
    assert.deepEqual(await dialog.locator(".visit-page").allTextContents(), [
      "/",
      "/gear/boots.html",
      "/basket.html",
      "/nowhere",
    ]);
  });

  await shot(page, "list");

  // that a page was missing, and one broken, is what it was about

  assert.deepEqual(
    complaints.filter((text) => !/status of (404|500)/.test(text)),
    [],
  );
  assert.deepEqual(desk.complaints, []);
});
