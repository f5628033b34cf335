// What administrators, backends, pages and visitors fill in beside messages is
// shown as text as well: names, facts, titles, forms, rules, looks, reasons.

import assert from "node:assert/strict";
import { test } from "node:test";

import { open, watch } from "./lib/browser.mjs";
import { openConsole } from "./lib/console.mjs";
import { escaped, hear, listen, PAYLOADS, POLICY } from "./lib/injection.mjs";
import { PERSON, sites } from "./lib/shop.mjs";
import { widgetOf } from "./lib/widget.mjs";

const [SCRIPT, IMAGE, SVG, , , LINK] = PAYLOADS;
const TITLE = PAYLOADS[3];

const CONFIG = sites(
  `
    chat_track on;
    chat_consent 1;
    chat_country "FR, ${IMAGE}";`,
  `
        location /shop/ {
            chat_widget on;
            chat_trust_headers on;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }

        location /chat/ { chat; chat_first_links 0; }`,
  `
        chat_track off;
        default_type text/html;
        add_header Content-Security-Policy "${POLICY}";
        add_header X-Chat-User "id=${encodeURIComponent(SVG)}; name=${
          encodeURIComponent(IMAGE)
        }; email=${encodeURIComponent(SCRIPT)}";
        add_header X-Chat-Cart "amount=12.50; currency=EUR; items=3";
        add_header X-Chat-Fact "plan=${encodeURIComponent(IMAGE)}";
        return 200 "<!doctype html><html lang=en><head><title>${
          escaped(TITLE)
        }</title><link rel=icon href=data:,></head><body>Shop</body></html>";`,
);

const WORDS = { title: IMAGE, welcome: SCRIPT, away: SVG };

const LOOKS = {
  avatar: "/chat/none.png?\"onerror=xss()",
  texts: { en: WORDS, fr: WORDS, de: WORDS },
};

const FORM = {
  ask: "always",
  link: "https://x.example/\"onmouseover=\"xss()",
  texts: { en: { intro: IMAGE, privacy: SVG } },
  fields: [
    { name: "who", type: "name" },
    { name: "about", type: "choice", labels: { en: SCRIPT },
      choices: [IMAGE, TITLE] },
    { name: "more", type: "text", labels: { en: LINK } },
  ],
};

const RULE = {
  name: SVG,
  text: `${IMAGE} {{custom.plan|${SCRIPT.replaceAll("|", "")}}}`,
  sender: SCRIPT,
  attended: false,
  conditions: [
    { fact: "page", op: "starts", value: "/shop/invited" },
    { fact: "custom", name: "plan", op: "not", value: IMAGE.slice(1) },
  ],
};

test("fields stay text", async (t) => {
  const { chat, browser, operator } = await open(t, { config: CONFIG });
  const profile = await browser.profile({
    userAgent: PERSON,
    viewport: { width: 1280, height: 2600 },
  });
  const complaints = [];

  await profile.addInitScript(listen);

  // the picture of the looks is not there, and the strict page may not have it
  async function shop(path) {
    const page = await profile.newPage();

    complaints.push(watch(page));
    await page.goto(`${chat.origin}/shop/${path}`);
    return page;
  }

  const quiet = () =>
    complaints
      .flat()
      .filter((line) => !/none\.png|status of 40[14]|img-src/.test(line));

  await operator.call("PUT", "/admin/brand", { ...LOOKS, avatar: "" });
  await operator.call("PUT", "/admin/form", FORM);
  await operator.call("PUT", "/admin/words", {
    action: "refuse",
    list: `never ${IMAGE}\n${SVG} never`,
  });

  const page = await shop("");
  const widget = widgetOf(page);
  const form = page.locator(".panel .form");
  const desk = await openConsole(await profile.newPage(), chat);
  let id;

  complaints.push(desk.complaints);
  await desk.logIn();

  await t.test("looks and form, to the visitor", async () => {
    await widget.launcher.click();
    await form.getByText(IMAGE).first().waitFor();
    await form.getByText(SVG).first().waitFor();
    await form.getByText(LINK).waitFor();
    await widget.panel.getByText(IMAGE).first().waitFor();
    await form.locator('[name="who"]').fill(TITLE.slice(0, 90));
    await form.getByLabel(SCRIPT).selectOption(TITLE);
    await form.locator('[name="more"]').fill(PAYLOADS.slice(0, 8).join("\n"));
    await hear(page, "the form");
    await page.evaluate(
      ([name, email]) => {
        window.chat("identify", { name, email });
        window.chat("set", { club: name, __proto__x: email });
      },
      [SVG, SCRIPT],
    );
    await form.getByRole("button").last().click();
    await widget.field.waitFor();
    await widget.write("hello");
    await widget.waitUntilSent();
    await hear(page, "after it");
    ({ id } = await operator.conversationWith("hello"));
  });

  await t.test("an invitation, to the visitor", async () => {
    const other = await browser.profile({ userAgent: `${PERSON} 2` });

    await operator.call("POST", "/admin/triggers", RULE);
    await other.addInitScript(listen);

    const invited = await other.newPage();
    const box = invited.locator(".invite");

    complaints.push(watch(invited));
    await invited.goto(`${chat.origin}/shop/invited`);
    await box.getByText(IMAGE).first().waitFor();
    await box.getByText(SCRIPT).first().waitFor();
    await hear(invited, "the invitation");
  });

  await t.test("who is on the site", async () => {
    await desk.go("visitors");

    const row = desk.page.locator(".visitors tbody tr");

    await row.getByText(IMAGE).first().waitFor();
    await row.getByText(TITLE).first().waitFor();
    await hear(desk.page, "the list");
    await row.getByRole("button").first().click();
    await desk.dialog.getByText(TITLE).first().waitFor();
    await hear(desk.page, "one visitor");
    await desk.page.keyboard.press("Escape");
  });

  await t.test("the visitor of a conversation", async () => {
    await desk.go(`c/${id}`);

    const about = desk.page.locator(".profile");

    await about.getByText(SVG).first().waitFor();
    await about.getByText(PAYLOADS[7]).first().waitFor();
    await hear(desk.page, "the profile");
  });

  await t.test("a reason to block", async () => {
    await operator.call("POST", "/operator/blocks", {
      network: "203.0.113.0/24",
      mode: "refuse",
      reason: TITLE,
    });
    await desk.go("blocks");
    await desk.page.getByText(TITLE).first().waitFor();
    await hear(desk.page, "blocks");
  });

  await t.test("rules, and the preview of one", async () => {
    await desk.go("triggers");
    await desk.page.getByText(SVG).first().waitFor();
    await hear(desk.page, "the list of rules");
    await desk.page.getByRole("link", { name: SVG }).first().click();
    await desk.page.locator(".invite").getByText(IMAGE).first().waitFor();
    await hear(desk.page, "the editor");
  });

  await t.test("looks and form, with their previews", async () => {
    await desk.go("brand");
    await desk.page.locator(".stage").getByText(IMAGE).first().waitFor();
    await desk.page.getByLabel("Picture").fill(LOOKS.avatar);
    await hear(desk.page, "looks");
    await desk.button("Cancel").click();
    await desk.go("form");
    await desk.page.locator(".stage").getByText(LINK).first().waitFor();
    await hear(desk.page, "the form");
    await desk.go("words");
    await desk.page.locator("textarea").first().waitFor();
    await hear(desk.page, "words");
  });

  assert.deepEqual(quiet(), []);
});
