// An administrator changes how the chat looks, with a preview.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, open, until } from "./lib/browser.mjs";
import { openConsole } from "./lib/console.mjs";

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
  const save = page.getByRole("button", { name: "Save", exact: true });
  const launcher = page.locator(".preview .launcher");
  const colour = () =>
    launcher.evaluate((node) => getComputedStyle(node).backgroundColor);
  const stored = async () =>
    (await operator.call("GET", "/admin/brand")).brand;

  await launcher.waitFor();
  assert.ok(await save.isDisabled(), "nothing to save yet");

  await t.test("the preview follows what is typed", async () => {
    await field("Colour").fill("#ffd400");
    await until("yellow", async () => (await colour()) === "rgb(255, 212, 0)");
    await field("Title").fill("Ask Ada");
    await page.locator(".preview h2").getByText("Ask Ada").waitFor();
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

  await t.test("axe finds nothing", async () => {
    await page.addScriptTag({ path: AXE });

    const { violations } = await page.evaluate(() => window.axe.run(document));

    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
    );
  });

  assert.deepEqual(admin.complaints, []);
});
