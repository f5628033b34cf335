// Copyright (C) ngx_chat_module contributors
//
// The console of a page, as an operator uses it.

import { cookieOf, until, watch } from "./browser.mjs";

/** A page at the console, whose complaints are watched. */
export async function consoleOf(browser, chat, options = {}) {
  const page = await (await browser.profile(options)).newPage();

  return openConsole(page, chat);
}

export async function openConsole(page, chat) {
  const complaints = watch(page);

  await page.goto(`${chat.origin}/chat/console/`);
  return new Console(page, chat, complaints);
}

class Console {
  #complaints;

  constructor(page, chat, complaints) {
    this.page = page;
    this.chat = chat;
    this.#complaints = complaints;
    this.rows = page.locator(".row");
    this.thread = page.locator(".thread.active");
    this.field = this.thread.locator("textarea");
    this.bubbles = this.thread.locator(".said .bubble");
    this.dialog = page.locator("dialog[open]");
    this.notice = page.locator(".toast");
  }

  /** That nobody is logged in yet is an answer, and Chromium's log has it. */
  get complaints() {
    return this.#complaints.filter((text) => !/status of 401/.test(text));
  }

  /** The page hears of all that happens then: what nobody hears may be lost. */
  async logIn({ login, password } = this.chat.operator) {
    const stream = this.page.waitForResponse("**/operator/events?*");

    await this.page.getByLabel("Login", { exact: true }).fill(login);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.page.locator(".shell").waitFor();
    await stream;
  }

  async go(hash) {
    await this.page.goto(`${this.chat.origin}/chat/console/#/${hash}`);
  }

  filter(name) {
    return this.page.locator(".filters").getByRole("button", { name });
  }

  row(text) {
    return this.rows.filter({ hasText: text });
  }

  /** Another thread may have stood there: the row's own, or there is no list. */
  async openRow(text) {
    const id = await this.row(text).getAttribute("data-row");

    await this.page.locator(`.row[data-row="${id}"]`).click();
    await this.page
      .locator(`.row[data-row="${id}"][aria-current], .inbox.narrow .thread`)
      .first()
      .waitFor();
    await this.thread.waitFor();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** What can be undone stays as long as the pointer is on it. */
  async keepUndo() {
    await this.notice.getByRole("button", { name: "Undo" }).hover();
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The texts of the thread in front, in order. */
  texts() {
    return this.bubbles.allTextContents();
  }

  async waitForText(text) {
    await this.bubbles.getByText(text, { exact: true }).waitFor();
  }

  async waitForTexts(texts) {
    await until(`the texts ${texts.join(", ")}`, async () => {
      const found = await this.texts();
      return found.join("\n") === texts.join("\n");
    });
  }

  /** Resolves when the title says how many conversations call. */
  async waitForCalls(n) {
    await until(`${n} in the title`, async () => {
      const title = await this.page.title();
      return n === 0 ? !title.startsWith("(") : title.startsWith(`(${n}) `);
    });
  }
}

/** A visitor who uses the API and no browser. */
export class Visitor {
  #origin;
  #cookie = "";
  #count = 0;

  static async open(origin) {
    const visitor = new Visitor();

    visitor.#origin = origin;

    const response = await visitor.#fetch("/visitor/session", {
      locale: "en-GB",
    });

    visitor.#cookie = cookieOf(response);
    return visitor;
  }

  /** Returns the event's id. */
  async say(text, page) {
    const response = await this.#fetch("/visitor/messages", {
      client_id: `visitor-${process.pid}-${this.#count++}`,
      text,
      ...(page ? { page } : {}),
    });
    const { event } = await response.json();

    return event.id;
  }

  /** What the form before a chat asks. */
  async fill(answers) {
    await this.#fetch("/visitor/form", { answers });
  }

  async type(text) {
    await this.#fetch("/visitor/typing", { typing: true, text });
  }

  async read(upTo) {
    await this.#fetch("/visitor/read", { up_to: upTo });
  }

  async #fetch(path, body) {
    const response = await fetch(`${this.#origin}/chat/api/v1${path}`, {
      method: "POST",
      headers: {
        Origin: this.#origin,
        "Content-Type": "application/json",
        ...(this.#cookie ? { Cookie: this.#cookie } : {}),
      },
      body: JSON.stringify(body),
    });

    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }

    return response;
  }
}
