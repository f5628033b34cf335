// Several pages of one browser share a stream, and all of them know.

import { test } from "node:test";

import { open, until } from "./lib/browser.mjs";
import { openConsole, Visitor } from "./lib/console.mjs";

test("three pages hold one stream", async (t) => {
  const { chat, browser } = await open(t);
  const visitor = await Visitor.open(chat.origin);
  const profile = await browser.profile();
  const streams = new Set();
  const pages = [];

  profile.on("request", (request) => {
    if (request.url().includes("/operator/events")) {
      streams.add(request);
    }
  });
  profile.on("requestfinished", (request) => streams.delete(request));
  profile.on("requestfailed", (request) => streams.delete(request));

  for (let i = 0; i < 3; i++) {
    pages.push(await openConsole(await profile.newPage(), chat));

    if (i === 0) {
      await pages[0].logIn();
    }
  }

  await visitor.say("For all of you");

  for (const one of pages) {
    await one.row("For all of you").waitFor();
    await one.waitForCalls(1);
  }

  // a question for what was missed may be on its way as well
  await until("one stream", () => streams.size === 1);

  await t.test("when its page goes, another takes over", async () => {
    await pages[0].page.close();
    await visitor.say("And again");
    await pages[1].row("And again").waitFor();
    await pages[2].row("And again").waitFor();
    await pages[2].row("And again").getByText("2 unread").waitFor();
  });
});
