// The shop's pages: each of pages/ in the frame of layout.html, and one for
// each product. They are plain files, so that the shop also shows what the
// chat knows of visitors whose browsers run no script.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { price, products } from "./products.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const HEAD = /^<!--\n(.*?)-->\n/s;

const read = (name) => readFile(path.join(here, name), "utf8");

const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** {{name}} is text, {{{name}}} is markup; a name that is not there fails. */
function fill(template, values) {
  return template.replace(/\{\{(\{)?(\w+)\}?\}\}/g, (_, raw, name) => {
    if (!(name in values)) {
      throw new Error(`the shop's page has no "${name}"`);
    }

    return raw ? values[name] : escaped(values[name]);
  });
}

/** Lines of "name: value" at the beginning of a page. */
function parse(text, name) {
  const head = text.match(HEAD)?.[1];

  if (head === undefined) {
    throw new Error(`${name} does not say its title`);
  }

  return {
    script: "",
    main: text.replace(HEAD, "").trimEnd(),
    ...Object.fromEntries(
      head
        .trim()
        .split("\n")
        .map((line) => line.split(/:\s*(.*)/s, 2)),
    ),
  };
}

function card([id, { name, what, price: amount }]) {
  return `<li>
            <a class="card" href="/gear/${id}.html">
              <img src="/art/${id}.svg" alt="" width="400" height="300">
              <span class="name">${escaped(name)}</span>
              <span class="what">${escaped(what)}</span>
              <span class="price">${price(amount)}</span>
            </a>
          </li>`;
}

const cards = (ids) =>
  Object.entries(products)
    .filter(([id]) => ids.includes(id))
    .map(card)
    .join("\n          ");

function productValues(id) {
  const product = products[id];

  return {
    ...product,
    id,
    price: price(product.price),
    goesWith: cards(product.goesWith),
    details: product.details
      .map(([name, text]) => {
        return `<div><dt>${escaped(name)}</dt><dd>${escaped(text)}</dd></div>`;
      })
      .join("\n            "),
  };
}

/** [name, html] of each page. */
export async function shopPages() {
  const layout = await read("layout.html");
  const all = { cards: cards(Object.keys(products)) };
  const pages = [];

  const add = (name, { script, ...page }, values) => {
    const scripts = script
      ? `\n    <script src="/${script}" type="module"></script>`
      : "";

    const head = {
      title: fill(page.title, values),
      description: fill(page.description, values),
    };

    pages.push([
      name,
      fill(layout, { ...head, scripts, main: fill(page.main, values) }),
    ]);
  };

  for (const name of await readdir(path.join(here, "pages"))) {
    const page = parse(await read(`pages/${name}`), name);

    if (name !== "product.html") {
      add(name, page, all);
      continue;
    }

    for (const id of Object.keys(products)) {
      add(`gear/${id}.html`, page, productValues(id));
    }
  }

  return pages;
}
