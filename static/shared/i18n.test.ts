import assert from "node:assert/strict";
import { test } from "node:test";
import de from "../locales/widget.de.ts";
import en from "../locales/widget.en.ts";
import fr from "../locales/widget.fr.ts";
import { pickLocale, regional, type Translation, translator } from "./i18n.ts";

const catalogue = {
  hello: "Hello {name}",
  news: { one: "{n} item", other: "{n} items" },
} as const;
const french: Translation<typeof catalogue> = {
  hello: "Bonjour {name}",
  news: { one: "{n} chose", other: "{n} choses" },
};

test("parameters and plurals", () => {
  const t = translator<typeof catalogue>("en", catalogue);

  assert.equal(t("hello", { name: "Ada" }), "Hello Ada");
  assert.equal(t("news", { n: 1 }), "1 item");
  assert.equal(t("news", { n: 1200 }), "1,200 items");
});

test("each language has plurals of its own", () => {
  const t = translator<typeof catalogue>("fr", french);

  assert.equal(t("news", { n: 0 }), "0 chose");
  assert.equal(t("news", { n: 2 }), "2 choses");
});

test("a parameter is text, whatever stands in it", () => {
  const t = translator<typeof catalogue>("en", catalogue);
  assert.equal(t("hello", { name: "{name} $& <b>" }), "Hello {name} $& <b>");
});

test("the first known wish wins, by its language", () => {
  const offered = ["en", "fr"] as const;

  assert.equal(pickLocale(["de-AT", "fr-CA", "en"], offered, "en"), "fr");
  assert.equal(pickLocale([undefined, "", "pl"], offered, "en"), "en");
});

test("translations have the parameters of the English text", () => {
  const names = (message: unknown) =>
    [...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map((m) => m[1]);

  for (const [key, message] of Object.entries(en)) {
    const wanted = new Set(names(message));

    for (const other of [fr, de]) {
      const found = new Set(names(other[key as keyof typeof other]));
      assert.deepEqual(found, wanted, key);
    }
  }
});

test("a language is written as where the browser is", () => {
  assert.equal(regional("en", ["fr-FR", "en-GB", "en"]), "en-GB");
  assert.equal(regional("de", ["de-AT"]), "de-AT");
  assert.equal(regional("fr", ["en-US"]), "fr");
});
