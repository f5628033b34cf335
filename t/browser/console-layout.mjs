// Longer languages, narrow windows, right to left, forced colours: nothing is
// cut off, and nothing scrolls sideways.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Operator, open } from "./lib/browser.mjs";
import { consoleOf, openConsole, Visitor } from "./lib/console.mjs";
import { beyond, clipped, sideways, stretch } from "./lib/layout.mjs";

// names and words of people, and addresses, may end in an ellipsis
const PEOPLE =
  ".row-text, .row-name, .row-holder, .thread-page, .tab-name, .cell-text," +
  ".thread-who .chip, .palette-hint, .rule-line";

test("the console finds room", async (t) => {
  const { chat, browser, operator } = await open(t);

  await operator.call("POST", "/admin/triggers", {
    name: "A rule with a name that is rather long, as names may be",
    text: "Hello",
    share: 50,
    delay: 30,
    hours: { days: [1, 3, 7], from: "09:00", to: "18:00" },
    conditions: [
      { fact: "page", op: "starts", value: `/${"a".repeat(190)}` },
      { fact: "custom", name: "plan", op: "is", value: "gold" },
      { fact: "time_on_page", op: "at_least", value: "average" },
      { fact: "took", op: "at_least", value: 3000 },
    ],
  });

  const lea = await Operator.logIn(
    chat.origin,
    await chat.account({ login: "lea", name: "Léa", role: "agent" }),
  );
  const visitor = await Visitor.open(chat.origin);
  const page = { url: "https://shop.example/basket", title: "Your basket" };

  await visitor.say(`${"W".repeat(300)} https://x.example/${"a".repeat(300)}`);
  await visitor.say("The last word", page);
  await lea.call("GET", "/operator/operators");

  /** Every page of the console, and what `look` finds there. */
  const everywhere = async (operators, look) => {
    const found = {};
    const { page: shown } = operators;

    for (const route of [
      "inbox",
      "visitors",
      "history",
      "blocks",
      "brand",
      "form",
      "words",
      "team",
      "account",
      "triggers",
      "triggers/1",
    ]) {
      await operators.go(route);
      await shown.locator(route === "inbox" ? ".row" : ".page h1").waitFor();

      await shown.locator(".empty.quiet").waitFor({ state: "detached" });

      if (route === "team") {
        await shown.locator("table.team tbody tr").first().waitFor();
      }

      if (route.startsWith("triggers")) {
        await shown.locator(".rule, .rule-page").first().waitFor();
      }

      found[route] = await look(shown);
    }

    await operators.go("inbox");
    await operators.openRow("The last word");
    await operators.waitForText("The last word");
    found.thread = await look(shown);
    await shown.keyboard.press("Control+k");
    await shown.locator(".palette input").waitFor();
    found.palette = await look(shown);
    return found;
  };

  const nothing = (found) =>
    assert.deepEqual(
      Object.entries(found).filter(([, list]) => list.length || list > 0),
      [],
    );

  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await t.test(`texts 40 % longer, ${viewport.width} px`, async () => {
      const profile = await browser.profile({ viewport });

      await stretch(profile);

      const operators = await openConsole(await profile.newPage(), chat);
      const field = (name) => operators.page.locator(`input[name=${name}]`);

      await field("username").waitFor();

      const doors = { login: await clipped(operators.page, PEOPLE) };

      await field("username").fill(chat.operator.login);
      await field("password").fill(chat.operator.password);
      await operators.page.keyboard.press("Enter");
      await operators.rows.first().waitFor();
      assert.match(await operators.page.title(), /éàüß/);
      nothing({
        ...doors,
        ...(await everywhere(operators, (page) => clipped(page, PEOPLE))),
      });
    });
  }

  // 1280 px at 400 % are 320 px; 640 px are the same window at 200 %
  for (const width of [320, 640]) {
    await t.test(`${width} px need no scrolling but within`, async () => {
      const operators = await consoleOf(browser, chat, {
        viewport: { width, height: 640 },
      });

      assert.equal(await sideways(operators.page), 0);
      await operators.logIn();
      nothing(
        await everywhere(
          operators,
          async (page) => (await sideways(page)) + (await beyond(page)),
        ),
      );
    });
  }

  await t.test("right to left is a mirror", async () => {
    const operators = await consoleOf(browser, chat);
    const { page: shown } = operators;

    await operators.logIn();
    await operators.openRow("The last word");
    await operators.write("And ours");
    // what can be done with it changes when it is there
    await operators.thread.getByText("Sent", { exact: true }).waitFor();
    await operators.button("Take").waitFor({ state: "detached" });

    const names = [".rail", ".list", ".thread-head h2", ".thread-actions"];
    const middles = () =>
      Promise.all(
        [...names, ".ours .bubble"].map(async (name) => {
          const box = await shown.locator(name).last().boundingBox();
          return box.x + box.width / 2;
        }),
      );
    const before = await middles();

    await shown.evaluate(() => {
      document.documentElement.dir = "rtl";
    });

    const after = await middles();

    for (const [i, x] of before.entries()) {
      assert.ok(
        Math.abs(1280 - x - after[i]) < 24,
        `${names[i] ?? "a bubble"}: ${x} and ${after[i]}`,
      );
    }

    assert.equal(await sideways(shown), 0);
  });

  await t.test("forced colours keep edges and marks", async () => {
    const operators = await consoleOf(browser, chat, {
      forcedColors: "active",
    });
    const { page: shown } = operators;

    await operators.logIn();
    await operators.go("account");

    const border = (locator) =>
      locator.evaluate((node) => {
        const { borderTopWidth, borderTopStyle } = getComputedStyle(node);
        return borderTopStyle === "none"
          ? 0
          : Number.parseFloat(borderTopWidth);
      });

    await shown.locator(".page .button:visible").first().waitFor();

    for (const one of await shown.locator(".page .button:visible").all()) {
      assert.ok((await border(one)) > 0, "buttons have an edge");
    }

    await operators.go("inbox");
    await operators.filter(/^All open/).click();
    await operators.openRow("And ours");
    await operators.waitForText("And ours");

    for (const name of [
      ".bubble",
      ".send",
      ".presence .dot",
      ".composer-box",
    ]) {
      assert.ok((await border(shown.locator(name).first())) > 0, name);
    }
  });
});
