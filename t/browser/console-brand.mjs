// Copyright (C) ngx_chat_module contributors
//
// An administrator changes how the chat looks: each setting shows in the
// preview, and what is saved is what visitors see.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, open, until } from "./lib/browser.mjs";
import { openConsole } from "./lib/console.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("how the chat looks", async (t) => {
  const { chat, browser, operator } = await open(t);
  const profile = await browser.profile({
    bypassCSP: true,
    reducedMotion: "reduce",
  });
  const page = await profile.newPage();
  const admin = await openConsole(page, chat);

  await admin.logIn();
  await page.getByRole("link", { name: "Looks" }).click();

  const field = (name) => page.getByLabel(name, { exact: true });
  const choice = (name) => page.locator(`select[name=${name}]`);
  const save = page.getByRole("button", { name: "Save", exact: true });
  const launcher = page.locator(".stage .launcher");
  const colour = () =>
    launcher.evaluate((node) => getComputedStyle(node).backgroundColor);
  const stored = async () => (await operator.call("GET", "/admin/brand")).brand;

  await launcher.waitFor();
  assert.ok(await save.isDisabled(), "nothing to save yet");

  await t.test("the preview follows what is typed", async () => {
    await field("Colour").fill("#ffd400");
    await until("yellow", async () => (await colour()) === "rgb(255, 212, 0)");
    await field("Title").fill("Ask Ada");
    await page.locator(".stage h2").getByText("Ask Ada").waitFor();
    assert.equal((await stored()).colour, "", "and nobody else sees it");
  });

  await t.test("cancel takes it all back", async () => {
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await field("Colour").inputValue(), "");
    await until("blue", async () => (await colour()) === "rgb(15, 95, 215)");
  });

  await t.test("a mistake is named, and not sent", async () => {
    await field("Colour").fill("yellow");
    await save.click();
    await page.locator("[name=colour][aria-invalid=true]").waitFor();
    assert.equal((await stored()).colour, "");
  });

  await t.test("saved is saved, and can be undone", async () => {
    await field("Colour").fill("#aa0000");
    await page.getByRole("button", { name: "Deutsch" }).click();
    await field("Greeting").fill("Moin!");
    await save.press("Enter");
    await until("it to be stored", async () => {
      const { colour: now, texts } = await stored();
      return now === "#aa0000" && texts.de.welcome === "Moin!";
    });
    await page.getByRole("button", { name: "Undo" }).click();
    await until("it to be undone", async () => (await stored()).colour === "");
  });

  const shows = (name) =>
    page.getByRole("button", { name, exact: true }).click();
  const part = (name) => page.locator(".stage").locator(name);
  const textOf = async (name) => (await part(name).allTextContents()).join();

  await t.test("every setting is in the preview", async () => {
    // none while the preview is drawn anew
    const corner = async () => (await launcher.boundingBox()) ?? {};
    const drawing = () => part(".launcher svg").first().innerHTML();

    await shows("Button only");
    await part(".panel.shown").waitFor({ state: "detached" });

    const round = await drawing();
    const before = await until("the button", () => launcher.boundingBox());

    await choice("icon").selectOption("help");
    await until("another icon", async () => (await drawing()) !== round);
    await field("Further from the side (px)").fill("30");
    await field("Further from the bottom (px)").fill("50");
    await until("another place", async () => {
      const { x, y } = await corner();
      return x === before.x - 30 && y === before.y - 50;
    });
    await choice("side").selectOption("left");
    await until("the other side", async () => {
      const box = await page.locator(".stage").boundingBox();
      return Math.abs((await corner()).x - box.x - 50) < 2;
    });

    await shows("Open");
    await until("the standard greeting", async () =>
      (await textOf(".welcome")).includes("Hello! How can we help you?"),
    );
    await field("Greeting").fill("Hi, this is Ada");
    await field("While nobody is here").fill("Back at nine");
    await until("the new one", async () =>
      (await textOf(".welcome")).includes("Hi, this is Ada"),
    );
    assert.ok(!(await textOf(".welcome")).includes("Back at nine"));
    await shows("Nobody here");
    await until("the words for then", async () =>
      (await textOf(".welcome")).includes("Back at nine"),
    );

    await field("Picture").fill("/art/logo.svg");
    await until("the picture", () =>
      part("img.face").evaluate((img) => img.src.endsWith("/art/logo.svg")),
    );
    await field("Picture").fill("https://other.example/a.png");
    await page.getByText("Pictures of other sites are not shown").waitFor();
    await part("img").waitFor({ state: "detached" });
    await field("Picture").fill("/art/logo.svg");

    await shows("Français");
    await until("the standard words of a language", async () =>
      (await textOf("h2")).includes("Discutons ensemble"),
    );
    await shows("Dark");
    await until("the dark", () =>
      part(".panel").evaluate(
        (node) => getComputedStyle(node).backgroundColor === "rgb(16, 21, 29)",
      ),
    );
    await shows("Light");
    await shows("English");
  });

  await t.test("what is saved is what a visitor sees", async () => {
    await field("Colour").fill("#ffd400");
    await field("Title").fill("Ask Ada");
    await save.click();
    await until("it to be stored", async () => (await stored()).x === 30);

    // a page that has nothing of its own
    const site = await (await browser.profile()).newPage();

    await site.route("**/plain.html", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>Plain</title>
          <script src="/chat/loader.js" async></script>`,
      }),
    );
    await site.goto(`${chat.origin}/plain.html`);

    const widget = widgetOf(site);

    await widget.open();
    await site.getByText("Hi, this is Ada", { exact: true }).waitFor();
    assert.equal(await site.locator(".who h2").textContent(), "Ask Ada");
    assert.equal(
      await site.locator(".header img.face").getAttribute("src"),
      "/art/logo.svg",
    );
    await site.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });

    const { x, y, height } = await widget.launcher.boundingBox();

    assert.deepEqual([x, y + height], [20 + 30, 800 - 20 - 50]);
    assert.equal(
      await widget.launcher.evaluate(
        (node) => getComputedStyle(node).backgroundColor,
      ),
      "rgb(255, 212, 0)",
    );
    assert.equal(
      await site.locator(".launcher svg").first().innerHTML(),
      await part(".launcher svg").first().innerHTML(),
      "the icon of the preview",
    );
  });

  await t.test("a picture that the server refuses is named", async () => {
    await field("Picture").fill("http://other.example/a.png");
    await save.click();
    await page.locator("[name=avatar][aria-invalid=true]").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await field("Picture").inputValue(), "/art/logo.svg");
  });

  await t.test("the standard looks are one click, and a save", async () => {
    await page.getByRole("button", { name: "Standard looks" }).click();
    assert.equal(await field("Title").inputValue(), "");
    assert.equal(await choice("side").inputValue(), "end");
    assert.equal((await stored()).x, 30, "not before it is saved");
    await save.click();
    await until("it to be stored", async () => (await stored()).x === 0);

    const { brand } = await operator.call("GET", "/admin/brand");

    assert.deepEqual(
      [brand.colour, brand.side, brand.icon, brand.avatar],
      ["", "end", "bubble", ""],
    );
    assert.ok(
      Object.values(brand.texts).every((texts) =>
        Object.values(texts).every((text) => text === ""),
      ),
    );
  });

  await t.test("axe finds nothing", async () => {
    await page.addScriptTag({ path: AXE });

    const { violations } = await page.evaluate(() => window.axe.run(document));

    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
    );
  });

  // the browser tells of each answer that refuses
  assert.deepEqual(
    admin.complaints.filter((text) => !/status of 422/.test(text)),
    [],
  );
});
