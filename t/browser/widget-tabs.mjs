// Several tabs of a browser: one stream, the same log, the same badge.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const EVENTS = "/api/v1/visitor/events";

test("several tabs", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile();
  const streams = new Map();

  // streams that are open now, by their tab
  profile.on("request", (request) => {
    if (isStream(request)) {
      streams.set(request, request.frame().page());
    }
  });

  for (const type of ["requestfailed", "requestfinished"]) {
    profile.on(type, (request) => streams.delete(request));
  }

  const first = await newTab();

  await first.widget.open();
  await first.widget.write("hello");
  await first.widget.waitForMark("Sent");

  const { id } = await operator.conversationWith("hello");

  await first.page.keyboard.press("Escape");

  const tabs = [first];

  while (tabs.length < 5) {
    tabs.push(await newTab());
  }

  await t.test("five tabs have one stream and the same badge", async () => {
    await operator.say(id, "one");
    await operator.say(id, "two");

    for (const { widget } of tabs) {
      await widget.badge.getByText("2", { exact: true }).waitFor();
    }

    await until("one stream", () => streams.size === 1);
  });

  await t.test("read in one is read in all", async () => {
    await tabs[2].widget.open();

    for (const { widget } of tabs) {
      await widget.badge.waitFor({ state: "hidden" });
    }
  });

  await t.test("what one tab writes, the others show", async () => {
    await tabs[3].widget.open();
    await tabs[3].widget.write("three");
    await tabs[2].widget.waitForText("three");

    // a tab that opens its session just then shows it again from the stream
    await until("the same in both", async () => {
      const [one, other] = [tabs[2], tabs[3]].map(({ widget }) =>
        widget.texts(),
      );

      return (await one).join() === (await other).join();
    });
  });

  await t.test("when the leading tab goes, another one leads", async () => {
    const leader = [...streams.values()][0];
    const rest = tabs.filter((tab) => tab.page !== leader);

    await leader.close();
    await until("another stream", () =>
      [...streams.values()].some((page) => page !== leader),
    );
    await operator.say(id, "four");

    const [{ widget }] = rest;

    if (!(await widget.panel.isVisible())) {
      await widget.open();
    }

    await widget.waitForText("four");
    assert.deepEqual(await widget.texts(), await operator.texts(id));
  });

  async function newTab() {
    const page = await profile.newPage();

    await page.goto(`${chat.origin}/`);
    return { page, widget: widgetOf(page) };
  }
});

function isStream(request) {
  const { pathname, searchParams } = new URL(request.url());
  return pathname.endsWith(EVENTS) && searchParams.get("wait") !== "0";
}
