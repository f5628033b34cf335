// Copyright (C) ngx_chat_module contributors
//
// The pictures of the README, taken of the running module: visitors of the
// demonstration shop, one of them in the widget, and the operators' console.
//
//     node t/browser/lib/screenshots.mjs docs/images

import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

import { Operator, open, until } from "./browser.mjs";
import { consoleOf, Visitor } from "./console.mjs";
import { widgetOf } from "./widget.mjs";

const SHOP = "https://shop.example";
const LIMIT = 200 * 1024;

const OTHERS = [
  {
    page: { url: `${SHOP}/basket.html`, title: "Your basket" },
    said: ["Do you deliver to Switzerland?", "And what would it cost?"],
  },
  {
    page: { url: `${SHOP}/product.html?id=stove`, title: "Stove" },
    said: ["Bonjour, le réchaud marche-t-il au-dessus de 3000 m ?"],
  },
  {
    page: { url: `${SHOP}/product.html?id=boots`, title: "Boots" },
    said: ["My order 20418 hasn't come yet. Where is it?"],
    answered: "I am asking the carrier, one moment please.",
    lately: "Thank you! It was to be here on Monday.",
  },
  {
    page: { url: `${SHOP}/product.html?id=jacket`, title: "Jacket" },
    said: ["Can I change the size of the jacket that I ordered?"],
    colleague: "Of course. Which size do you need?",
  },
];

const folder = path.resolve(process.argv[2] ?? "docs/images");
const ends = [];

async function picture(page, name) {
  const file = path.join(folder, `${name}.png`);

  await page.screenshot({ path: file, animations: "disabled" });

  const { size } = await stat(file);

  process.stdout.write(`${name}.png  ${Math.ceil(size / 1024)} kB\n`);

  if (size > LIMIT) {
    throw new Error(`${file} is too large to be kept`);
  }
}

async function play({ chat, browser, operator }) {
  const lea = await Operator.logIn(
    chat.origin,
    await chat.account({ login: "lea", name: "Léa", role: "agent" }),
  );

  for (const { page, said, answered, lately, colleague } of OTHERS) {
    const visitor = await Visitor.open(chat.origin);

    for (const text of said) {
      await visitor.say(text, page);
    }

    const { id } = await operator.conversationWith(said.at(-1));

    if (answered) {
      await operator.say(id, answered);
      await visitor.say(lately, page);
    }

    if (colleague) {
      await lea.say(id, colleague);
    }
  }

  const looks = { colorScheme: "light", reducedMotion: "reduce" };
  const shop = await browser.page(`${chat.origin}/`, {
    ...looks,
    viewport: { width: 1280, height: 800 },
  });
  const widget = widgetOf(shop);

  await widget.open();
  await widget.write("Hello! Is the tent for two in stock?");

  const { id } = await operator.conversationWith(
    "Hello! Is the tent for two in stock?",
  );

  await operator.say(id, "Hello! It is: three of them are left.");
  await widget.waitForText("Hello! It is: three of them are left.");
  await widget.write("Great. Would it stand a night of strong wind?");
  await operator.conversationWith(
    "Great. Would it stand a night of strong wind?",
  );
  await operator.say(
    id,
    "Up to 80 km/h, if all the guy lines are used. " +
      "People have taken it over the Pyrenees in March.",
  );
  await widget.waitForText(/Pyrenees/);

  const operators = await consoleOf(browser, chat, {
    ...looks,
    viewport: { width: 1440, height: 900 },
  });

  await operators.logIn();
  await operators.filter(/^All open/).click();
  await operators.openRow(/Pyrenees|strong wind/);

  return { id, shop, widget, operators };
}

async function take(scene) {
  const { chat, browser, operator, id, shop, widget, operators } = scene;
  const preview = operators.page.locator(".preview");

  await widget.field.pressSequentially("Then I'll take one. Can you put it", {
    delay: 5,
  });
  await preview.getByText(/Can you put it$/).waitFor();
  await operators.page.mouse.move(720, 5);
  await picture(operators.page, "console");
  await operators.page.emulateMedia({ colorScheme: "dark" });
  await picture(operators.page, "console-dark");

  await widget.write("Then I'll take one. Can you put it aside?");
  await operators.waitForText("Then I'll take one. Can you put it aside?");
  await widget.waitForMark("Read");
  await operator.type(id);
  await shop.locator(".typing").waitFor();
  await shop.mouse.move(5, 5);
  await picture(shop, "widget");
  await shop.emulateMedia({ colorScheme: "dark" });
  await picture(shop, "widget-dark");

  const cookies = await shop.context().cookies();
  const phone = await browser.profile({
    colorScheme: "light",
    reducedMotion: "reduce",
    viewport: { width: 390, height: 780 },
    hasTouch: true,
    isMobile: true,
  });

  await phone.addCookies(cookies);

  const small = await phone.newPage();

  await small.goto(`${chat.origin}/`);

  const panel = widgetOf(small);

  await panel.open();
  await panel.waitForText(/Pyrenees/);
  await panel.waitForText("Then I'll take one. Can you put it aside?");
  await until("the picture of a phone", () => panel.field.isVisible());
  await picture(small, "widget-phone");
}

await mkdir(folder, { recursive: true });

try {
  const opened = await open({ after: (end) => ends.unshift(end) });

  await take({ ...opened, ...(await play(opened)) });
} finally {
  for (const end of ends) {
    await end();
  }
}
