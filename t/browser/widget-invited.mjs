// Copyright (C) ngx_chat_module contributors
//
// An invitation on the shop's product page: after the time that the rule says,
// never into a field that is being typed in, at most once, and a visitor who
// says no is left alone. Who says yes begins a proactive conversation.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, until, watch } from "./lib/browser.mjs";
import { FOLLOWED, PERSON } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("invitations", async (t) => {
  const { chat, browser, operator } = await open(t, { config: FOLLOWED });

  // each is a person of its own: without a cookie the browser's name says so
  let people = 0;

  async function visitor(path, options) {
    people += 1;

    const profile = await browser.profile({
      userAgent: `${PERSON} ${people}`,
    });
    const page = await profile.newPage();
    const complaints = watch(page);
    const asked = [];

    page.on("request", (request) => {
      if (request.url().includes("/visitor/invitation")) {
        asked.push(`${request.method()} ${request.postData() ?? ""}`);
      }
    });

    const one = {
      page,
      complaints,
      asked,
      widget: widgetOf(page),
      box: page.locator(".invite"),
      later: (seconds) => page.clock.runFor(seconds * 1000),
      async go(where, { rules = true } = {}) {
        await page.goto(`${chat.origin}${where}`);
        await (rules
          ? page.waitForFunction(() => globalThis.rulesRead)
          : page.waitForLoadState("networkidle"));
      },
    };

    // no second may pass before the page knows of the rules
    await page.addInitScript(() => {
      const { json } = Response.prototype;

      Response.prototype.json = async function () {
        const data = await json.call(this);

        globalThis.rulesRead ||= this.url.includes("/visitor/invitation?");
        return data;
      };
    });

    // The seconds of the page pass when the test says so. No clock goes back:
    // this is later than it is when the page hears of it.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 10_000);
    await one.go(path, options);
    return one;
  }

  const told = ({ asked }, outcome) =>
    until(`${outcome} is told`, () =>
      asked.some((one) => one.includes(`"${outcome}"`)),
    );

  // the first page finds out that there is no rule, and the next does not ask

  await visitor("/gear/tent.html");

  const next = await visitor("/gear/tent.html", { rules: false });

  assert.deepEqual(next.asked, []);

  const { trigger } = await operator.call("POST", "/admin/triggers", {
    name: "Long on a product",
    text: "Hello {{visitor.name|there}}, may I help?",
    sender: "Zoe",
    conditions: [
      { fact: "page", op: "starts", value: "/gear/" },
      { fact: "time_on_page", op: "at_least", value: 20 },
    ],
  });

  await t.test("after a time on a page, and not on another", async () => {
    const one = await visitor("/gear/tent.html");

    // the page's own script hears of it
    await one.page.evaluate(() => {
      window.invited = [];
      window.chat("on", "invite", ({ text }) => window.invited.push(text));
      window.chat("on", "ready", () => {
        window.listens = true;
      });
    });
    await one.page.waitForFunction(() => window.listens);

    await one.later(19);
    assert.equal(await one.box.count(), 0, "not at once");
    await one.later(3);
    await one.box.waitFor();
    assert.equal(
      await one.box.locator(".invite-open").innerText(),
      "Zoe\nHello there, may I help?",
    );
    await told(one, "shown");
    assert.deepEqual(await one.page.evaluate(() => window.invited), [
      "Hello there, may I help?",
    ]);

    const other = await visitor("/about.html");

    assert.equal(other.asked.length, 1, "it asked, and got none");
    await other.later(60);
    assert.equal(await other.box.count(), 0);
    assert.deepEqual(one.complaints, []);
  });

  await t.test("yes begins a proactive conversation", async () => {
    const one = await visitor("/gear/tent.html");

    await one.later(22);
    await one.page.clock.resume();
    await one.box.locator(".invite-open").click();
    await one.widget.field.waitFor();
    await told(one, "opened");
    assert.equal(await one.box.count(), 0);
    await one.page.getByText("Hello there, may I help?").waitFor();

    await one.widget.write("yes, please");
    await one.widget.waitForMark("Sent");

    const { conversations } = await operator.call(
      "GET",
      "/operator/conversations?state=all",
    );

    assert.equal(conversations[0].proactive, true);

    const { triggers } = await operator.call("GET", "/admin/triggers");

    assert.equal(triggers[0].id, trigger.id);
    assert.deepEqual(triggers[0].counts, {
      shown: 2,
      opened: 1,
      dismissed: 0,
      conversations: 1,
      orders: 0,
    });
    assert.deepEqual(one.complaints, []);
  });

  await t.test("no is respected, on later pages too", async () => {
    const one = await visitor("/gear/tent.html");

    await one.later(22);
    await one.box.getByRole("button", { name: "No, thank you" }).click();
    await told(one, "dismissed");
    assert.equal(await one.box.count(), 0);

    const before = one.asked.length;

    await one.go("/gear/tent.html", { rules: false });
    await one.later(60);
    assert.equal(await one.box.count(), 0);
    assert.equal(one.asked.length, before, "and the server is not asked");
  });

  for (const where of ["of the page", "of a component of its own"]) {
    await t.test(`not over a field ${where} that is typed in`, async () => {
      const one = await visitor("/gear/tent.html");

      await one.page.evaluate((inside) => {
        const field = document.createElement("input");
        const host = document.body.appendChild(document.createElement("div"));

        (inside ? host.attachShadow({ mode: "open" }) : host).append(field);
        field.focus();
      }, where !== "of the page");
      await one.later(60);
      assert.equal(await one.box.count(), 0, "not now");

      await one.page.evaluate(() => document.activeElement.blur());
      await one.later(1);
      await one.box.waitFor();
    });
  }

  // what only the browser sees

  async function ruleOf(fact, value, delay = 0) {
    await operator.call("PUT", `/admin/triggers/${trigger.id}`, {
      name: fact,
      text: "May I help?",
      delay,
      conditions: [
        typeof value === "number"
          ? { fact, op: "at_least", value }
          : { fact, op: "is", value },
      ],
    });
  }

  await t.test("who has read so much of the page", async () => {
    await ruleOf("scroll", 80);

    const one = await visitor("/gear/tent.html");

    await one.page.evaluate(() => {
      document.body.style.height = "5000px";
    });
    await one.later(5);
    assert.equal(await one.box.count(), 0, "at the top");
    await one.page.evaluate(() => scrollTo(0, 2000));
    await one.later(2);
    assert.equal(await one.box.count(), 0, "in the middle");
    await one.page.evaluate(() => scrollTo(0, 4600));
    await one.later(2);
    await one.box.waitFor();
  });

  await t.test("who is about to leave by the top", async () => {
    await ruleOf("exit", true);

    const one = await visitor("/gear/tent.html");
    const leave = (clientY) =>
      one.page.evaluate((y) => {
        document.documentElement.dispatchEvent(
          new PointerEvent("pointerleave", { clientY: y }),
        );
      }, clientY);

    await one.later(5);
    await leave(300);
    await one.later(2);
    assert.equal(await one.box.count(), 0, "by the side is no matter");
    await leave(-1);
    await one.later(2);
    await one.box.waitFor();
  });

  await t.test("who has done nothing for so long", async () => {
    await ruleOf("idle", 30);

    const one = await visitor("/gear/tent.html");

    await one.later(20);
    await one.page.mouse.move(200, 200);
    await one.later(20);
    assert.equal(await one.box.count(), 0, "there was a sign");
    await one.later(12);
    await one.box.waitFor();
  });

  await t.test("who has been on the site for so long", async () => {
    await ruleOf("time_on_site", 3600);

    const one = await visitor("/gear/tent.html");

    await one.later(3500);
    assert.equal(await one.box.count(), 0, "not yet");
    await one.later(110);
    await one.box.waitFor();
  });

  await t.test("so long after the conditions hold", async () => {
    await ruleOf("time_on_page", 10, 30);

    const one = await visitor("/gear/tent.html");

    await one.later(37);
    assert.equal(await one.box.count(), 0, "they hold");
    await one.later(6);
    await one.box.waitFor();
  });
});
