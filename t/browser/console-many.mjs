// Five hundred open conversations: the list holds few nodes, scrolls without
// long pauses, and keeps the focus while it is sorted anew.

import assert from "node:assert/strict";
import { test } from "node:test";

import { becomes, open, scroll, tasks, until } from "./lib/browser.mjs";
import { consoleOf, Visitor } from "./lib/console.mjs";

const MANY = 500;
const AT_ONCE = 20;
// the bar is 50 ms; here it is a quarter of a CPU, and each view is all new
const LONGEST_MS = 400;

test("five hundred conversations", async (t) => {
  const { chat, browser } = await open(t);
  const visitors = [];

  for (let i = 0; i < MANY; i += AT_ONCE) {
    const some = await Promise.all(
      Array.from({ length: AT_ONCE }, () => Visitor.open(chat.origin)),
    );

    await Promise.all(
      some.map((visitor, j) => visitor.say(`Question ${i + j}.`)),
    );
    visitors.push(...some);
  }

  const operators = await consoleOf(browser, chat);
  const { page } = operators;

  await operators.logIn();
  await operators.filter(/^Waiting 500/).waitFor();
  await operators.filter(/^All open/).click();

  const session = await page.context().newCDPSession(page);

  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });

  /** The longest task of each of three times: others can only add to it. */
  const measured = async (turn) => {
    const took = [];

    while (took.length < 3) {
      const longest = await tasks(page);

      await turn(took.length);
      took.push(await longest());
    }

    t.diagnostic(`longest tasks: ${took.map(Math.round)} ms of work`);
    assert.ok(Math.min(...took) < LONGEST_MS, `tasks of ${took} ms`);
  };

  await t.test("only rows in view exist", async () => {
    assert.ok((await operators.rows.count()) < 40);
  });

  await t.test("it scrolls to its end without a long pause", async () => {
    const bottom = async () => {
      await page.mouse.wheel(0, 1600);
      return page.evaluate(() => {
        const list = document.querySelector(".list").getBoundingClientRect();
        const rows = [...document.querySelectorAll(".row")];
        const bottoms = rows.map((row) => row.getBoundingClientRect().bottom);
        return rows.length > 0 && Math.max(...bottoms) <= list.bottom + 1;
      });
    };

    await measured(async () => {
      await scroll(page.locator(".virtual"), 0);
      await page.locator(".virtual li[aria-posinset='1'] .row").hover();
      await until("the end of the list", bottom);
    });
    assert.ok((await operators.rows.count()) < 40);
  });

  await t.test("the focus survives what comes in", async () => {
    const last = operators.rows.last();
    const id = await last.getAttribute("data-row");

    await last.focus();

    await measured(async (turn) => {
      await scroll(page.locator(".virtual"), "end");

      for (const visitor of visitors.slice(20 * turn, 20 * (turn + 1))) {
        await visitor.say(`And another thing: ${turn}`);
      }

      // above them all, once the list is seen from its top
      await page.locator(".row").first().hover();

      await until("the latest on top", async () => {
        await page.mouse.wheel(0, -9000);
        return (await operators.rows.first().textContent()).includes(
          `And another thing: ${turn}`,
        );
      });
    });
    await becomes(
      "the focus where it was",
      () => page.evaluate(() => document.activeElement?.dataset.row),
      id,
    );
  });
});
