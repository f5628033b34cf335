// Operators tell who is proved from who only says so, and see the earlier
// conversations of a customer.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { AXE, open, until } from "./lib/browser.mjs";
import { consoleOf } from "./lib/console.mjs";
import { PERSON, sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const SECRET = "a secret of the shop in this test";

const CONFIG = sites(
  "",
  `
        chat_identity_secret "${SECRET}";
        chat_track on;

        location / { root %%STATIC%%/demo; chat_widget on; }
        location /chat/ { chat; }`,
);

function signed(person) {
  const { id, name = "", email = "", expires = "" } = person;

  return {
    ...person,
    signature: createHmac("sha256", SECRET)
      .update(["chat-identity", id, name, email, expires].join("\n"))
      .digest("hex"),
  };
}

test("who is proved, and who is not", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const one = await consoleOf(browser, chat, { bypassCSP: true });
  const profile = one.page.locator(".profile");

  await one.logIn();

  async function visitor(person, text) {
    const page = await browser.page(`${chat.origin}/`);

    await widgetOf(page).launcher.waitFor();
    await page.evaluate(
      ([who, what]) => {
        window.chat("identify", who);
        window.chat("send", what);
      },
      [person, text],
    );
    return page;
  }

  const ada = signed({
    id: "C-42",
    name: "Ada Lovelace",
    email: "ada@example.com",
    expires: Math.floor(Date.now() / 1000) + 3600,
  });

  async function show(text) {
    await one.openRow(text);

    if (!(await profile.isVisible())) {
      await one.button("Details").click();
      await profile.waitFor();
    }
  }

  await t.test("on the site, before a word is said", async () => {
    const page = await browser.page(`${chat.origin}/`, { userAgent: PERSON });

    await one.go("visitors");
    await widgetOf(page).launcher.waitFor();
    await page.evaluate((who) => window.chat("identify", who), ada);
    await one.page.locator(".visitors").getByText("Ada Lovelace").waitFor();

    // the chat gives it a cookie, by which it is somebody else at first
    await widgetOf(page).open();
    await until("the name is still there", async () => {
      const { visits } = await operator.call("GET", "/operator/visits");

      return visits.some((v) => v.known && v.user?.name === "Ada Lovelace");
    });
    await page.close();
    await one.go("inbox");
  });

  await t.test("a customer with a signature", async () => {
    await visitor(ada, "From my desk");
    await show("From my desk");
    await profile.getByText("verified", { exact: true }).waitFor();
    await profile.getByText("C-42").waitFor();
    assert.equal(await profile.getByText("not verified").count(), 0);
    assert.equal(await profile.locator(".earlier").count(), 0);
    await one.row("Ada Lovelace").waitFor();
  });

  await t.test("somebody with the name alone", async () => {
    await visitor({ name: "Ada Lovelace" }, "It is me");
    await show("It is me");
    await profile.getByText("not verified").waitFor();
    assert.equal(await profile.locator(".proved").count(), 0);
    assert.equal(await profile.locator(".earlier").count(), 0);
  });

  await t.test("the customer on another device", async () => {
    await visitor(ada, "From my phone");
    await show("From my phone");
    await profile.locator(".earlier").getByText("From my desk").click();
    await one.waitForText("From my desk");
    await until("the way back", () =>
      profile.locator(".earlier").getByText("From my phone").isVisible(),
    );
  });

  await t.test("for everybody", async () => {
    await one.page.addScriptTag({ path: AXE });

    const found = await one.page.evaluate(() =>
      window.axe.run(".profile", { resultTypes: ["violations"] }),
    );

    assert.deepEqual(
      found.violations.map(({ id }) => id),
      [],
    );
    assert.deepEqual(one.complaints, []);
  });
});
