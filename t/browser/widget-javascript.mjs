// What docs/javascript.md says a page's script may do, by its own examples.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { becomes, open, until, watch } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

const examples = await readExamples();

test("a page's script and the chat", async (t) => {
  const { chat, browser, operator } = await open(t);

  /** A page with the examples of these names run in it. */
  async function run(...names) {
    const page = await browser.page(`${chat.origin}/`);
    const all = { page, widget: widgetOf(page), said: [], warned: [] };

    all.errors = watch(page);
    page.on("console", (message) =>
      (message.type() === "warning" ? all.warned : all.said).push(
        message.text(),
      ),
    );
    await all.widget.launcher.waitFor({ state: "attached" });

    for (const name of names) {
      for (const code of examples.get(name)) {
        await page.evaluate(code);
      }
    }

    return all;
  }

  const call = (page, ...args) =>
    page.evaluate((all) => window.chat(...all), args);

  await t.test("each command of the document has an example", () => {
    assert.deepEqual(
      [...examples.keys()].slice(1),
      "open close toggle hide show identify set send on locale theme shutdown"
        .split(" "),
    );
  });

  await t.test("open, close, toggle, and what is heard of it", async () => {
    const { page, widget, said, warned } = await run("on", "open");

    await widget.field.waitFor();
    await page.evaluate(examples.get("close")[0]);
    await widget.panel.waitFor({ state: "hidden" });
    await page.evaluate(examples.get("toggle")[0]);
    await widget.field.waitFor({ state: "visible" });
    await page.evaluate(examples.get("toggle")[0]);
    await widget.panel.waitFor({ state: "hidden" });
    await until("the events", () => said.length >= 7);
    // each by "on" and by addEventListener()
    assert.deepEqual(
      said,
      "the chat is there|opened|opened|closed|opened|opened|closed".split("|"),
    );
    assert.deepEqual(warned, []);
  });

  await t.test("hide and show, and a button of the page's own", async () => {
    const { page, widget } = await run("hide");

    await widget.launcher.waitFor({ state: "hidden" });
    await page.locator("main a").first().focus();
    await call(page, "open");
    await widget.field.waitFor();
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.activeElement?.closest("main"));
    await page.evaluate(examples.get("show")[0]);
    await widget.launcher.waitFor();
  });

  await t.test("identify and set go with what is sent", async () => {
    const { page, widget, errors } = await run("identify", "set");

    // the last example takes the name back
    await page.evaluate(examples.get("identify")[0]);
    await page.evaluate(examples.get("send")[0]);
    assert.ok(!(await widget.panel.isVisible()), "nothing opens");

    const { id, visitor } = await operator.conversationWith(
      "I would like to rent a tent.",
    );

    assert.equal(visitor.name, "Ada Lovelace");
    assert.equal(visitor.email, "ada@example.com");
    assert.deepEqual(visitor.facts, [
      { name: "plan", value: "premium" },
      { name: "basket", value: "3" },
      { name: "newsletter", value: "true" },
    ]);
    assert.deepEqual(errors, []);
    await operator.close(id);
  });

  await t.test("a signature that is refused keeps nobody from writing", async () => {
    const { page, widget, warned } = await run("on");
    const signed = (await readDocument()).match(
      /^```javascript\n(.*?)^```/ms,
    )[1];

    await page.evaluate(signed);
    await call(page, "send", "Who am I?");

    const { id, visitor } = await operator.conversationWith("Who am I?");

    // this chat has no secret
    assert.equal(visitor.name, "Ada Lovelace");
    assert.equal(visitor.user, null);
    await becomes("the warning", () => warned, [
      'chat("identify"): this chat has no chat_identity_secret',
    ]);

    await call(page, "send", "And now?");
    await operator.conversationWith("And now?");
    assert.equal(warned.length, 1, "it is not tried again");
    assert.ok(!(await widget.panel.isVisible()));

    await call(page, "identify", { id: "42", signature: "short" });
    await until("the warning", () => warned.length === 2);
    assert.equal(warned[1], 'chat("identify"): signature: 64 digits');
    await operator.close(id);
  });

  await t.test("messages and the number of unread ones", async () => {
    const { page, widget, said } = await run("on", "send");
    const { id } = await until("the conversation", async () => {
      const { conversations } = await operator.call(
        "GET",
        "/operator/conversations?state=open",
      );

      return conversations.find((one) => one.visitor.name === null);
    });

    await until("one's own", () => said.some((s) => s.startsWith("visitor ")));
    await operator.say(id, "From when?");
    await until("the answer", () => said.includes("operator From when?"));
    await until("the count", () => said.includes("1"));
    await widget.badge.getByText("1", { exact: true }).waitFor();
    await call(page, "open");
    await until("the count", () => said.includes("0"));
    assert.equal(said.filter((s) => s.startsWith("visitor ")).length, 1);
    await operator.close(id);
  });

  await t.test("another language keeps what is being written", async () => {
    const { page, widget } = await run("open");

    await widget.field.waitFor();
    await widget.field.fill("half a sent");
    await page.evaluate(examples.get("locale")[0]);
    await page.getByRole("textbox", { name: "Votre message" }).waitFor();
    assert.equal(await widget.field.inputValue(), "half a sent");
    await page.getByText("Bonjour").waitFor();
    await page
      .locator('.launcher[aria-label="Fermer la discussion"]')
      .waitFor();
  });

  await t.test("the theme", async () => {
    const { page, widget } = await run("theme", "open");
    const shade = () =>
      widget.panel.evaluate((node) => getComputedStyle(node).backgroundColor);

    await widget.field.waitFor();
    assert.equal(await shade(), "rgb(16, 21, 29)");
    await call(page, "theme", "light");
    await until("light", async () => (await shade()) === "rgb(255, 255, 255)");
  });

  await t.test("shutdown forgets who it was, and open begins anew", async () => {
    const { page, widget } = await run("identify", "send");
    const profile = page.context();

    await widget.waitUntilSent();

    const [before] = await until("the identity", async () => {
      const cookies = await profile.cookies();
      return cookies.length > 0 && cookies;
    });

    await page.evaluate(examples.get("shutdown")[0]);
    await widget.launcher.waitFor({ state: "detached" });
    await until("no trace", async () => {
      const kept = await page.evaluate(() => [
        ...Object.keys(localStorage),
        ...Object.keys(sessionStorage),
      ]);

      return kept.length === 0 && (await profile.cookies()).length === 0;
    });

    await call(page, "close");
    await call(page, "hide");
    assert.equal(await widget.launcher.count(), 0, "what is off stays off");

    await call(page, "open");
    await widget.field.waitFor();
    await page.locator(".welcome").waitFor();
    assert.deepEqual(await widget.texts(), []);

    const [after] = await profile.cookies();
    assert.notEqual(after.value, before.value);
  });

  await t.test("mistakes are told, and harm nothing", async () => {
    const { page, widget, warned, errors } = await run();
    const wrong = [
      ["fly"],
      [],
      ["toString"],
      ["on", "arrive", "x"],
      ["on", "open", 5],
      ["locale", "xx"],
      ["theme", "pink"],
      ["identify", "Ada"],
      ["identify", { name: "x".repeat(101) }],
      ["identify", { email: "nobody" }],
      ["identify", { name: "Ada\nBcc: x" }],
      ["set", "a b", "1"],
      ["set", "plan", {}],
      ["send", ""],
      ["send", "x".repeat(4001)],
      ["send"],
    ];

    for (const args of wrong) {
      await call(page, ...args);
    }

    await until("the warnings", () => warned.length >= wrong.length);
    assert.equal(warned.length, wrong.length, warned.join("\n"));
    assert.ok(warned.every((text) => text.startsWith("chat(")), warned[0]);
    assert.deepEqual(errors, []);
    await call(page, "open");
    await widget.field.waitFor();
  });

  await t.test("calls that came before the loader are done in order", async () => {
    const profile = await browser.profile();
    const page = await profile.newPage();

    await page.addInitScript((stub) => {
      // biome-ignore lint: the document's own words
      new Function(stub)();
      window.chat("theme", "dark");
      window.chat("open");
      window.chat("on", "ready", () => {
        window.heard = true;
      });
    }, examples.get("")[0]);
    await page.goto(`${chat.origin}/`);
    await widgetOf(page).field.waitFor();
    await page.waitForFunction(() => window.heard);

    // a loader that comes twice changes nothing
    await page.evaluate(async () => {
      const script = document.createElement("script");
      const done = new Promise((resolve) => {
        script.onload = resolve;
      });

      script.src = "/chat/loader.js?again";
      document.body.append(script);
      await done;
    });
    await call(page, "close");
    await widgetOf(page).panel.waitFor({ state: "hidden" });
    assert.equal(await widgetOf(page).launcher.count(), 1);
  });

  await t.test("a page's own error stays the page's", async () => {
    const { page, widget } = await run();
    const thrown = [];

    page.on("pageerror", (error) => thrown.push(error.message));
    await page.evaluate(() => {
      window.chat("on", "open", () => {
        throw new Error("the page's own");
      });
      window.chat("open");
    });
    await widget.field.waitFor();
    await until("the error", () => thrown.includes("the page's own"));
  });
});

function readDocument() {
  return readFile(
    new URL("../../docs/javascript.md", import.meta.url),
    "utf8",
  );
}

/** The code of each heading; that of the stub has the name "". */
async function readExamples() {
  const text = await readDocument();
  const found = new Map();

  for (const part of text.split(/^##+ /m)) {
    const name = part.match(/^[a-z]+$/m)?.[0] ?? "";
    const codes = [...part.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);

    if (codes.length > 0) {
      found.set(found.size === 0 ? "" : name, codes);
    }
  }

  return found;
}
