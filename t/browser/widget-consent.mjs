// Copyright (C) ngx_chat_module contributors
//
// A visitor who has not agreed leaves nothing in the browser: not by visiting,
// nor by saying no to an invitation, nor by looking into the chat, but for the
// cookie of an open chat. Who writes has asked for more.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { followed, PERSON } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const QUIET = /^chat:.*:quiet$/;
const MUTE = /^chat:.*:mute$/;

test("consent", async (t) => {
  const { chat, browser, operator } = await open(t, {
    config: followed("chat_consent $cookie_agreed;"),
  });

  await operator.call("POST", "/admin/triggers", {
    name: "On a product",
    text: "May I help?",
    conditions: [{ fact: "page", op: "starts", value: "/gear/" }],
  });

  async function visitor(agreed) {
    const profile = await browser.profile({
      userAgent: `${PERSON} ${agreed}`,
    });

    await profile.addCookies([
      { name: "agreed", value: agreed, url: chat.origin },
    ]);

    const page = await profile.newPage();
    const complaints = watch(page);
    const outcomes = [];

    page.on("request", (request) => {
      if (request.url().endsWith("/visitor/invitation")) {
        outcomes.push(request.postDataJSON()?.outcome);
      }
    });

    // the first page may find out that there are rules
    await page.goto(`${chat.origin}/gear/tent.html`);

    const box = page.locator(".invite");
    const no = box.getByRole("button", { name: "No, thank you" });

    await no.click();
    await until("it is told", () => outcomes.includes("dismissed"));

    return { page, profile, complaints, box, widget: widgetOf(page) };
  }

  const cookies = async ({ profile }) =>
    (await profile.cookies())
      .map(({ name }) => name)
      .filter((name) => name !== "agreed");

  await t.test("who refuses", async () => {
    const one = await visitor("0");
    const { page, widget } = one;
    const sound = page.getByRole("button", { name: "Sound" });

    assert.deepEqual(await stored(page), { local: [], session: [] });
    assert.deepEqual(await cookies(one), []);

    // the mute is of this page, and as good as ever
    await widget.open();
    await sound.click();
    assert.equal(await sound.getAttribute("aria-pressed"), "false");
    await until("the chat's cookie", async () => (await cookies(one)).length);
    assert.deepEqual(await cookies(one), ["chat_visitor"]);
    assert.deepEqual(await stored(page), { local: [], session: [] });

    // the conversation goes on over pages
    await widget.write("hello");
    await widget.waitForMark("Sent");

    const { local, session } = await stored(page);

    assert.equal(session.length, 1, "the panel is open");
    assert.ok(local.some((key) => MUTE.test(key)));
    assert.ok(!local.some((key) => QUIET.test(key)));

    await page.reload();
    await widget.field.waitFor();
    assert.equal(await sound.getAttribute("aria-pressed"), "false");
    assert.deepEqual(one.complaints, []);
  });

  await t.test("who agrees", async () => {
    const one = await visitor("1");
    const { page, widget } = one;

    assert.deepEqual(await cookies(one), ["chat_visitor"]);

    const { local, session } = await stored(page);

    assert.equal(local.length, 1);
    assert.match(local[0], QUIET);
    assert.deepEqual(session, []);

    await widget.open();
    await page.getByRole("button", { name: "Sound" }).click();
    assert.ok((await stored(page)).local.some((key) => MUTE.test(key)));
    assert.equal((await stored(page)).session.length, 1);
    assert.deepEqual(one.complaints, []);
  });
});

function stored(page) {
  return page.evaluate(() => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
  }));
}
