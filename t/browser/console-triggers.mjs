// Copyright (C) ngx_chat_module contributors
//
// An administrator makes a rule in the page of triggers; a visitor gets the
// invitation, and the figures move. Editing, the order, undo, mistakes, what
// is not saved, a phone, and other languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, becomes, open, until, watch } from "./lib/browser.mjs";
import { openConsole } from "./lib/console.mjs";
import { PERSON, sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = sites(
  `
    chat_track on;
    chat_widget on;`,
  `
        location / { root %%STATIC%%/demo; }
        location /chat/ { chat; }

        location = /order {
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }`,
  `
        chat_track off;
        chat_widget off;

        location / {
            default_type text/html;
            add_header X-Chat-Order "id=A-1;amount=129.90;currency=EUR";
            return 200 "<!doctype html><title>Order</title>
                <link rel='icon' href='data:,'><p>Thank you";
        }`,
);

const SHOTS = process.env.CHAT_SHOTS;

async function shot(page, name) {
  if (SHOTS) {
    await page.screenshot({ path: `${SHOTS}/${name}.png` });
  }
}

test("triggers, made in the console", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const profile = await browser.profile({
    bypassCSP: true,
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 900 },
  });
  const admin = await openConsole(await profile.newPage(), chat);
  const { page, notice, dialog } = admin;

  await admin.logIn();
  await page.getByRole("link", { name: "Triggers" }).click();
  await page.getByText("No triggers yet").waitFor();
  await shot(page, "triggers-none");

  const field = (name) => page.getByLabel(name, { exact: true });
  const part = (name) => page.locator(`[name="${name}"]`);
  const save = admin.button("Save");
  const rules = page.locator(".rule");
  const box = page.locator(".invite-preview .invite-open");
  const names = () => rules.locator("h2").allTextContents();
  const stored = async () =>
    (await operator.call("GET", "/admin/triggers")).triggers;

  async function axe(what) {
    await page.addScriptTag({ path: AXE });

    const { violations } = await page.evaluate(() => window.axe.run(document));

    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
      what,
    );
  }

  await t.test("from an example, changed, with a preview", async () => {
    await axe("no triggers");
    await page.getByRole("button", { name: /^Reads longer/ }).click();
    await page.getByRole("heading", { name: "New trigger" }).waitFor();
    await box.getByText("Hello Ada, do you have").waitFor();
    assert.equal(await part("conditions.0.op").inputValue(), "average");
    await page.getByText("Time on the page is 4/3 of its average").waitFor();

    // an average can't be waited for: a second, and on one page only

    await part("conditions.0.op").selectOption("at_least");
    await part("conditions.0.value").fill("1");
    await page.getByRole("button", { name: "Add a condition" }).click();
    await part("conditions.1.value").fill("/gear/");
    await field("Name").fill("On a product");
    await field("In the name of").fill("Zoe");
    await page.getByRole("button", { name: "Unknown", exact: true }).click();
    await box.getByText("Hello there, do you have").waitFor();
    await page
      .getByText(
        "Time on the page is at least 1 s and page starts with “/gear/”",
      )
      .waitFor();
    await shot(page, "trigger-editor");
    await axe("the editor");
    await save.click();
    await notice.getByText(/^Saved/).waitFor();
    await rules.first().waitFor();

    const [rule] = await stored();

    assert.deepEqual(rule.conditions, [
      { fact: "time_on_page", op: "at_least", value: 1 },
      { fact: "page", op: "starts", value: "/gear/" },
    ]);
    assert.equal(rule.text.startsWith("Hello {{visitor.name|there}}"), true);
    assert.equal(rule.sender, "Zoe");
    assert.ok(rule.enabled && rule.attended);
  });

  await t.test("a visitor gets it, and the figures move", async () => {
    const person = await browser.profile({ userAgent: PERSON });
    const visitor = await person.newPage();
    const complaints = watch(visitor);

    await visitor.goto(`${chat.origin}/gear/tent.html`);
    await visitor.locator(".invite-open").click();

    const widget = widgetOf(visitor);

    await widget.write("yes, please");
    await widget.waitForMark("Sent");
    await visitor.goto(`${chat.origin}/order`);
    await until("the order to count", async () => {
      const [{ counts }] = await stored();
      return counts.orders === 1;
    });

    // what is looked at again, without a word

    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await rules.locator("dd").getByText("€129.90").waitFor();
    assert.deepEqual(await rules.locator("dd").allTextContents(), [
      "1",
      "1100%",
      "0",
      "1100%",
      "1100%€129.90",
    ]);
    assert.deepEqual(complaints, []);

    await page.getByRole("link", { name: "Inbox" }).click();
    await admin.openRow("yes, please");
    await admin.thread.getByText("Proactive: On a product").waitFor();
    await shot(page, "trigger-thread");
    await page.getByRole("link", { name: "Triggers" }).click();
    await rules.first().waitFor();
  });

  await t.test("all that a rule may hang on can be chosen", async () => {
    await admin.button("New trigger").click();
    await page.getByRole("heading", { name: "New trigger" }).waitFor();

    const add = page.getByRole("button", { name: "Add a condition" });

    await add.click();

    const facts = await part("conditions.0.fact")
      .locator("option")
      .evaluateAll((all) => all.map(({ value }) => value));

    assert.equal(facts.length, 20);
    await field("Name").fill("Everything");
    await field("Invitation").fill("Well?");

    // as many as there is room for at once, then the others

    for (const chosen of [facts.slice(0, 16), facts.slice(16)]) {
      for (const [index, fact] of chosen.entries()) {
        if ((await part(`conditions.${index}.fact`).count()) === 0) {
          await add.click();
        }
        await part(`conditions.${index}.fact`).selectOption(fact);

        const value = part(`conditions.${index}.value`);

        if (fact === "custom") {
          await part(`conditions.${index}.name`).fill("plan");
        }
        if (
          (await value.count()) > 0 &&
          (await value.evaluate(({ tagName }) => tagName)) === "INPUT"
        ) {
          await value.fill("7");
        }
      }

      if (chosen.length === 16) {
        await page.getByText("There are 16 conditions").waitFor();
        await page.getByRole("button", { name: "any of these" }).click();
        await save.click();
        await rules.nth(1).waitFor();
        assert.deepEqual(
          (await stored())[1].conditions.map(({ fact }) => fact),
          chosen,
        );
        assert.equal((await stored())[1].match, "any");
        await rules.nth(1).getByRole("link").click();
        await page.getByRole("heading", { name: "Everything" }).waitFor();
      }
    }

    await page.getByRole("button", { name: "Remove condition 16" }).click();
    await field("Delay (seconds)").fill("3");
    await field("Share of visitors (%)").fill("50");
    await page.getByLabel("Only at certain times").check();
    await page.getByRole("button", { name: "Saturday" }).click();
    await page.getByRole("button", { name: "Sunday" }).click();
    await page.getByLabel("Only while somebody").uncheck();
    await save.click();
    await rules.nth(1).getByText("Mon–Fri 09:00–18:00").waitFor();

    const [, rule] = await stored();

    assert.equal(rule.conditions.length, 15);
    assert.equal(rule.delay, 3);
    assert.equal(rule.share, 50);
    assert.equal(rule.attended, false);
    assert.deepEqual(rule.hours, {
      days: [1, 2, 3, 4, 5],
      from: "09:00",
      to: "18:00",
    });
  });

  await t.test("on and off, up and down, twice, gone and back", async () => {
    await rules.nth(1).getByRole("checkbox").uncheck();
    await until("off", async () => !(await stored())[1].enabled);

    await page.getByRole("button", { name: "Move up: Everything" }).click();
    await until("above", async () => (await names())[0] === "Everything");
    await until("stored above", async () => {
      return (await stored())[0].name === "Everything";
    });

    const down = page.getByRole("button", { name: "Move down: Everything" });

    await until("the focus, which stays with it", () =>
      down.evaluate((node) => node === document.activeElement),
    );
    await page.keyboard.press("Enter");
    await until("below", async () => (await names())[1] === "Everything");

    await page.getByRole("button", { name: "Actions: On a product" }).click();
    await admin.button("Duplicate").click();
    assert.equal(await field("Name").inputValue(), "On a product (copy)");
    await save.click();
    await rules.nth(2).waitFor();
    assert.equal((await stored())[2].counts.shown, 0, "without the figures");

    await page
      .getByRole("button", { name: "Actions: On a product (copy)" })
      .click();
    await admin.button("Delete").click();
    await until("two", async () => (await rules.count()) === 2);
    await notice.getByRole("button", { name: "Undo" }).click();
    await rules.nth(2).waitFor();
    await becomes("all at their places", names, [
      "On a product",
      "Everything",
      "On a product (copy)",
    ]);
    await shot(page, "triggers");
    await axe("the list");
  });

  await t.test("mistakes stand at their fields", async () => {
    await rules.first().getByRole("link").click();
    await field("Name").fill(" ");
    await part("conditions.0.value").fill("soon");
    await field("Share of visitors (%)").fill("0");
    await save.click();
    await page.locator("[name=name][aria-invalid=true]").waitFor();
    await page.locator("[name=share][aria-invalid=true]").waitFor();
    await page
      .locator(".condition")
      .first()
      .getByText("A whole number from 0")
      .waitFor();
    assert.equal((await stored())[0].name, "On a product", "nothing was sent");

    // and what only the server finds

    await page.route(/admin\/triggers\/\d+$/, (route) =>
      route.fulfill({
        status: 422,
        contentType: "application/problem+json",
        body: JSON.stringify({
          type: "urn:ngx-chat:field",
          title: "A field is not valid",
          status: 422,
          detail: "must be one line",
          field: "conditions.1.value",
        }),
      }),
    );
    await field("Name").fill("On a product");
    await part("conditions.0.value").fill("1");
    await field("Share of visitors (%)").fill("99");
    await save.click();
    await page
      .locator('[name="conditions.1.value"][aria-invalid=true]')
      .waitFor();
    await page.getByText("must be one line").waitFor();
    await until("the focus there", () =>
      part("conditions.1.value").evaluate(
        (node) => node === document.activeElement,
      ),
    );
    await page.unroute(/admin\/triggers\/\d+$/);
  });

  await t.test("what is not saved is not lost without a word", async () => {
    for (const leave of [
      () => page.getByRole("link", { name: "Visitors" }).click(),
      () => page.goBack(),
      () => page.getByRole("link", { name: "All triggers" }).click(),
    ]) {
      await leave();
      await dialog.getByText("Leave without saving?").waitFor();
      await admin.button("Keep editing").click();
      await dialog.waitFor({ state: "detached" });
      assert.equal(await field("Share of visitors (%)").inputValue(), "99");
      assert.match(page.url(), /#\/triggers\/\d+$/);
    }

    await page.getByRole("link", { name: "Cancel" }).click();
    await admin.button("Leave").click();
    await rules.first().waitFor();
    assert.equal((await stored())[0].share, 100);

    await page.getByRole("link", { name: "Visitors" }).click();
    await page.getByRole("heading", { name: "Visitors" }).waitFor();
    assert.equal(await dialog.count(), 0, "nothing to lose, nothing to ask");
  });

  await t.test("variables go where the caret is", async () => {
    await admin.go("triggers/new");
    await field("Invitation").fill("Hello !");
    await field("Invitation").evaluate((area) => area.setSelectionRange(6, 6));
    await page.getByRole("button", { name: "Insert a variable" }).click();
    await page.getByRole("button", { name: /^Name of the visitor/ }).click();
    assert.equal(
      await field("Invitation").inputValue(),
      "Hello {{visitor.name|there}}!",
    );
    await page.keyboard.type("you");
    assert.equal(
      await field("Invitation").inputValue(),
      "Hello {{visitor.name|you}}!",
      "what is said otherwise is marked",
    );
    await box.getByText("Hello Ada!").waitFor();

    // at the bottom of the window the list opens upwards, all of it in sight
    const insert = page.getByRole("button", { name: "Insert a variable" });

    await page.setViewportSize({ width: 1280, height: 700 });
    await insert.evaluate((node) => node.scrollIntoView({ block: "end" }));
    await insert.press("Enter");

    const { y, height } = await page.locator(".popover-panel").boundingBox();

    assert.ok(y >= 0 && y + height <= 700, `${y} to ${y + height}`);
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole("link", { name: "Cancel" }).click();
    await admin.button("Leave").click();
    await rules.first().waitFor();
  });

  assert.deepEqual(
    admin.complaints.filter((text) => !/status of 422/.test(text)),
    [],
  );

  for (const [locale, title, colorScheme] of [
    ["en-GB", "Triggers", "dark"],
    ["fr-FR", "Déclencheurs", "light"],
    ["de-DE", "Auslöser", "dark"],
  ]) {
    await t.test(`on a phone, in ${locale}, ${colorScheme}`, async () => {
      const phone = await openConsole(
        await (
          await browser.profile({
            locale,
            colorScheme,
            viewport: { width: 390, height: 844 },
          })
        ).newPage(),
        chat,
      );

      await phone.page.locator("input").first().fill(chat.operator.login);
      await phone.page
        .locator("input[type=password]")
        .fill(chat.operator.password);
      await phone.page.locator("button[type=submit]").click();
      await phone.page.locator(".shell").waitFor();

      for (const place of ["triggers", `triggers/${(await stored())[0].id}`]) {
        await phone.go(place);
        await phone.page
          .locator(place === "triggers" ? ".rule" : ".rule-page")
          .first()
          .waitFor();

        if (place === "triggers") {
          await phone.page.getByRole("heading", { name: title }).waitFor();
        }

        assert.equal(
          await phone.page.evaluate(
            () => document.documentElement.scrollWidth > innerWidth,
          ),
          false,
          `${place}: nothing sticks out`,
        );
        await shot(phone.page, `phone-${locale}-${place.replace("/", "-")}`);
      }

      assert.deepEqual(phone.complaints, []);
      await phone.page.context().close();
    });
  }

  await t.test("an agent is told who may", async () => {
    const agent = await openConsole(
      await (await browser.profile()).newPage(),
      chat,
    );

    await agent.logIn(await chat.account({ login: "ann", role: "agent" }));
    assert.equal(
      await agent.page.getByRole("link", { name: "Triggers" }).count(),
      0,
    );
    await agent.go("triggers");
    await agent.page.getByText("Only administrators").waitFor();
    assert.deepEqual(agent.complaints, []);
  });
});
