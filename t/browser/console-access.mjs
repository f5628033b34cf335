// Every page of the console, light and dark: no violation of the strict
// policy or of Trusted Types, and nothing that axe finds.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { AXE, open, rest } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

const axe = await readFile(AXE, "utf8");

/** What axe finds; the debugger's own scripts are outside the policy. */
async function violations(page) {
  // what is on its way in has not its colours yet
  await rest(page.locator("html"));
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run();

    return found.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`,
    );
  });
}

test("every page keeps its policy and serves everybody", async (t) => {
  const { chat, browser, operator } = await open(t);
  const visitor = await Visitor.open(chat.origin);

  await operator.call("POST", "/admin/triggers", {
    name: "Cart left",
    text: "Hello {{visitor.name|<b>you</b>}}",
    sender: "<i>Zoe</i>",
    share: 50,
    hours: { days: [1, 2], from: "09:00", to: "18:00" },
    conditions: [
      { fact: "page", op: "starts", value: "/<img src=x>" },
      { fact: "custom", name: "plan", op: "is", value: "gold" },
      { fact: "device", op: "not", value: "phone" },
      { fact: "exit", op: "is", value: true },
      { fact: "time_on_page", op: "at_least", value: "average" },
    ],
  });
  await visitor.say("<img src=x onerror=alert(1)>", {
    url: "javascript:alert(1)",
    title: "<b>bold</b>",
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ]) {
      await t.test(`${colorScheme}, ${viewport.width} px`, async () => {
        const operators = await consoleOf(browser, chat, {
          colorScheme,
          viewport,
        });
        const { page } = operators;

        await page.getByRole("heading", { name: "Log in" }).waitFor();
        const doors = { login: await violations(page) };

        await operators.logIn();
        await operators.rows.first().waitFor();
        const found = { ...doors, inbox: await violations(page) };

        await operators.openRow("<img");
        await operators.waitForText("<img src=x onerror=alert(1)>");
        assert.equal(
          await page.locator("a[href^=javascript]").count(),
          0,
          "an address of a page is only a link when it is one",
        );
        await operators.button("Block the visitor").click();
        await operators.notice.getByRole("button", { name: "Undo" }).waitFor();
        found.thread = await violations(page);

        for (const [route, heading] of [
          ["history", "History"],
          ["blocks", "Blocks"],
          ["triggers", "Triggers"],
          ["triggers/1", "Cart left"],
          ["visitors", "Visitors"],
          ["brand", "How the chat looks"],
          ["form", "Form before a chat"],
          ["words", "Words that messages may not have"],
          ["team", "Team"],
          ["account", "Account"],
        ]) {
          await operators.go(route);
          await page
            .getByRole("heading", { name: heading, level: 1 })
            .waitFor();
          await page.locator(".empty.quiet").waitFor({ state: "detached" });
          found[route] = await violations(page);

          if (route === "blocks") {
            await page.getByRole("button", { name: /^Unblock/ }).click();
          }
        }

        await page.keyboard.press("Control+k");
        await page.locator(".palette input").waitFor();
        found.palette = await violations(page);

        for (const [route, list] of Object.entries(found)) {
          assert.deepEqual(list, [], route);
        }
        assert.deepEqual(operators.complaints, []);

        const width = await page.evaluate(
          () => document.documentElement.scrollWidth,
        );

        assert.ok(width <= viewport.width, "nothing scrolls sideways");
      });
    }
  }

  await t.test("the policy is the strict one", async () => {
    const answer = await fetch(`${chat.origin}/chat/console/`);
    const policy = answer.headers.get("Content-Security-Policy") ?? "";

    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]) {
      assert.ok(policy.includes(part), `${part} in ${policy}`);
    }
  });
});
