// The form before a chat, as a visitor fills it in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, open, rest, until, watch } from "./lib/browser.mjs";
import { sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const CONFIG = sites(
  "",
  `
        location / { root %%STATIC%%/demo; chat_widget on; }
        location /chat/ { chat; chat_first_links 1; }`,
);

const FORM = {
  ask: "always",
  link: "/privacy.html",
  texts: {
    en: { intro: "Tell us who you are.", privacy: "For this chat only." },
    de: { intro: "Wer sind Sie?" },
  },
  fields: [
    { name: "who", type: "name", required: true },
    { name: "mail", type: "email", required: true },
    { name: "phone", type: "phone" },
    {
      name: "about",
      type: "choice",
      required: true,
      labels: { en: "What is it about?", de: "Worum geht es?" },
      choices: ["An order", "Something else"],
    },
    { name: "more", type: "text", labels: { en: "In your words" } },
  ],
};

test("the form before a chat", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const set = (form) => operator.call("PUT", "/admin/form", form);

  await set(FORM);

  async function visit(options = {}, before = undefined) {
    const page = await browser.page(`${chat.origin}/`, {
      bypassCSP: true,
      ...options,
    });
    const widget = widgetOf(page);
    const errors = watch(page);

    if (before) {
      await page.evaluate(before);
    }

    // what is asked comes with the session
    const session = page.waitForResponse("**/visitor/session");

    await widget.launcher.click();
    await session;
    return { page, widget, errors, form: page.locator(".panel .form") };
  }

  const named = (form, name) => form.locator(`[name="${name}"]`);

  await t.test("it stands where one would write", async () => {
    const { page, widget, errors, form } = await visit();

    await form.getByText("Tell us who you are.").waitFor();
    assert.equal(await page.locator(".composer").count(), 0);
    await form.getByText("For this chat only.").waitFor();
    assert.equal(
      await form.getByRole("link").getAttribute("href"),
      "/privacy.html",
    );
    await focused(page, "who");

    // nothing is said yet: the first mistake gets the focus
    await form.getByRole("button", { name: "Start chatting" }).click();
    await focused(page, "who");
    assert.equal(await form.locator(".wrong").count(), 3);
    assert.equal(
      await named(form, "who").getAttribute("aria-invalid"),
      "true",
    );
    const described = await named(form, "who").getAttribute("aria-describedby");
    assert.equal(
      await form.locator(`#${described}`).textContent(),
      "Please fill this in",
    );

    await named(form, "who").fill("Ada Lovelace");
    await named(form, "mail").fill("ada");
    await named(form, "phone").fill("later");
    await form.getByLabel("What is it about?").selectOption("An order");
    await named(form, "who").press("Enter");
    await form.getByText("Please enter an e-mail address").waitFor();
    await form.getByText("Please enter a phone number").waitFor();
    await focused(page, "mail");

    await page.addScriptTag({ path: AXE });
    const found = await page.evaluate(() =>
      window.axe.run(
        [...document.documentElement.children].find((node) => node.shadowRoot),
        { resultTypes: ["violations"] },
      ),
    );
    assert.deepEqual(
      found.violations.map(({ id }) => id),
      [],
    );

    await named(form, "mail").fill("ada@example.com");
    await named(form, "phone").fill("");
    await named(form, "more").fill("one\ntwo");
    await named(form, "who").press("Enter");
    await widget.field.waitFor();
    await widget.write("Where is my order?");
    await widget.waitUntilSent();

    const { id, visitor } = await operator.conversationWith(
      "Where is my order?",
    );

    assert.equal(visitor.name, "Ada Lovelace");
    assert.equal(visitor.email, "ada@example.com");
    assert.deepEqual(visitor.form, [
      { type: "choice", label: "What is it about?", value: "An order" },
      { type: "text", label: "In your words", value: "one\ntwo" },
    ]);

    await operator.close(id);
    await page.getByRole("button", { name: "Start a new one" }).click();
    await widget.field.waitFor();
    // it opens by itself, as it was
    await page.reload();
    await page.getByRole("button", { name: "Start a new one" }).click();
    await widget.field.waitFor();
    assert.equal(await form.count(), 0, "once is enough");
    assert.deepEqual(errors, []);
  });

  await t.test("what the page says is not asked", async () => {
    const { form } = await visit({}, () => {
      window.chat("locale", "de");
      window.chat("identify", { name: "Grace", email: "g@example.com" });
    });

    await form.getByText("Wer sind Sie?").waitFor();
    await form.getByText("Worum geht es?").waitFor();
    assert.equal(await named(form, "who").count(), 0);
    assert.equal(await named(form, "mail").count(), 0);
    await named(form, "about").selectOption("Something else");
    await form.getByRole("button").click();
    await form.waitFor({ state: "detached" });
  });

  await t.test("on a phone", async () => {
    const { page, widget, form } = await visit({
      viewport: { width: 320, height: 568 },
      hasTouch: true,
    });

    await form.waitFor();
    await rest(widget.panel);
    assert.ok(
      await form.evaluate((node) => node.scrollWidth <= node.clientWidth),
      "nothing goes sideways",
    );
    await form
      .getByRole("button", { name: "Start chatting" })
      .scrollIntoViewIfNeeded();

    const box = await form
      .getByRole("button", { name: "Start chatting" })
      .boundingBox();

    assert.ok(box.y + box.height <= 568 && box.height >= 44, "in reach");
    assert.ok(
      await page.evaluate(
        () => document.documentElement.scrollWidth <= innerWidth,
      ),
    );
  });

  await t.test("while nobody is there", async () => {
    await set({ ...FORM, ask: "away" });

    const { widget, form } = await visit();

    await widget.field.waitFor();
    assert.equal(await form.count(), 0, "somebody is");
    await operator.call("PUT", "/operator/presence", { status: "offline" });
    await form.waitFor();
    await operator.call("PUT", "/operator/presence", { status: "online" });
    await widget.field.waitFor();
  });

  await t.test("in place of a brake, and the message is kept", async () => {
    await set({ ...FORM, ask: "doubt" });

    const { widget, errors, form } = await visit();

    await widget.field.waitFor();
    assert.equal(await form.count(), 0, "nobody is in doubt");
    await widget.write("See http://a.example and http://b.example");
    await form.waitFor();
    await named(form, "who").fill("Lin");
    await named(form, "mail").fill("lin@example.com");
    await named(form, "about").selectOption("An order");
    await named(form, "who").press("Enter");
    await widget.field.waitFor();
    await widget.waitUntilSent();
    await operator.conversationWith(
      "See http://a.example and http://b.example",
    );
    // that the server wanted it first is an answer, and Chromium's log has it
    assert.deepEqual(
      errors.filter((text) => !/status of 409/.test(text)),
      [],
    );
  });

  await t.test("a form that came after the chat was opened", async () => {
    await set({});

    const { widget, form } = await visit();

    await widget.field.waitFor();
    await set(FORM);
    await widget.write("Too late?");
    await named(form, "who").fill("Kim");
    await named(form, "mail").fill("kim@example.com");
    await named(form, "about").selectOption("An order");
    await named(form, "who").press("Enter");
    await widget.waitUntilSent();
    await until("the message", async () => {
      const { visitor } = await operator.conversationWith("Too late?");
      return visitor.name === "Kim";
    });
  });
});

/** The field of the panel that one would type in. */
function focused(page, name) {
  return page.waitForFunction(
    (wanted) =>
      [...document.documentElement.children]
        .find((node) => node.shadowRoot)
        ?.shadowRoot.activeElement?.getAttribute("name") === wanted,
    name,
  );
}
