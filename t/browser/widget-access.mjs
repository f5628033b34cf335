// Accessibility: axe finds nothing, and people's settings are respected.

import assert from "node:assert/strict";
import { test } from "node:test";

import { AXE, open } from "./lib/browser.mjs";
import { widgetOf } from "./lib/widget.mjs";

test("accessibility", async (t) => {
  const { chat, browser, operator } = await open(t);

  for (const colorScheme of ["light", "dark"]) {
    await t.test(`axe finds nothing, ${colorScheme}`, async () => {
      const page = await browser.page(`${chat.origin}/`, {
        colorScheme,
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      const widget = widgetOf(page);
      const hello = `hello, ${colorScheme}`;

      await page.addScriptTag({ path: AXE });
      await widget.launcher.waitFor();
      await check(page, "closed");

      await widget.open();
      await check(page, "empty");

      await widget.write(hello);
      await widget.waitForMark("Sent");

      const { id } = await operator.conversationWith(hello);

      await operator.say(id, "See https://shop.example/ for more.");
      await widget.waitForText("See https://shop.example/ for more.");
      await operator.type(id);
      await page.locator(".typing").waitFor();
      await widget.field.fill("x".repeat(4001));
      await check(page, "talking");

      await page.locator(".end").click();
      await page.locator("[role=alertdialog]").waitFor();
      await check(page, "asking");

      await page.getByRole("button", { name: "End it" }).click();
      await page.locator(".ended").waitFor();
      await check(page, "ended");
    });
  }

  await t.test("it is dark for those who have it so, as they do", async () => {
    const page = await browser.page(`${chat.origin}/`, {
      colorScheme: "light",
      reducedMotion: "reduce",
    });
    const widget = widgetOf(page);
    const looks = async () => {
      const [ground, text] = await widget.panel.evaluate((node) => {
        const { backgroundColor, color } = getComputedStyle(node);
        return [backgroundColor, color];
      });

      return { ground: luminance(ground), text: luminance(text) };
    };

    await widget.open();

    const light = await looks();

    assert.ok(light.ground > 0.8 && light.text < 0.1, JSON.stringify(light));

    // while it is open, too
    await page.emulateMedia({ colorScheme: "dark" });

    const dark = await looks();

    assert.ok(dark.ground < 0.1 && dark.text > 0.6, JSON.stringify(dark));
  });

  await t.test("nothing moves for those who asked for that", async () => {
    const page = await browser.page(`${chat.origin}/`, {
      reducedMotion: "reduce",
    });

    await widgetOf(page).open();
    assert.equal(
      await page.evaluate(() => document.getAnimations().length),
      0,
    );
  });

  await t.test("right to left is a mirror", async () => {
    const page = await browser.page(`${chat.origin}/`);
    const widget = widgetOf(page);

    await page.evaluate(() => {
      document.documentElement.dir = "rtl";
    });
    await widget.open();

    const box = await widget.launcher.boundingBox();
    assert.ok(box.x < 100, "the button is on the left");

    await widget.write("shalom");
    await widget.waitForText("shalom");

    const bubble = await widget.bubbles.last().boundingBox();
    const panel = await widget.panel.boundingBox();
    assert.ok(bubble.x - panel.x < 40, "own messages are on the left");
  });

  await t.test("it speaks the page's language", async () => {
    const page = await browser.page(`${chat.origin}/`);

    await page.route("**/about.html", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace('lang="en"', 'lang="fr-FR"');
      await route.fulfill({ response, body });
    });
    await page.goto(`${chat.origin}/about.html`);
    await page.getByRole("button", { name: "Discuter avec nous" }).click();
    await page.getByRole("textbox", { name: "Votre message" }).waitFor();
  });
});

async function check(page, state) {
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`,
  );

  assert.deepEqual(found, [], state);
}

/** Of an opaque color as a browser computes it, as WCAG defines it: 0 to 1. */
function luminance(color) {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(color);

  assert.ok(parts, color);

  const [red, green, blue] = parts.slice(1).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });

  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
