// Copyright (C) ngx_chat_module contributors
//
// The widget of a page, as its visitor uses it.

import { rest, until } from "./browser.mjs";

export function widgetOf(page) {
  return new Widget(page);
}

class Widget {
  constructor(page) {
    this.page = page;
    this.launcher = page.locator(".launcher");
    this.panel = page.locator(".panel");
    this.badge = page.locator(".badge");
    this.log = page.locator(".log");
    this.field = page.locator(".composer textarea");
    this.sendButton = page.locator(".composer .send");
    this.bubbles = page.locator(".bubbles > .bubble");
    this.mark = page.locator(".mark").last();
  }

  async open() {
    await this.launcher.click();
    await this.field.waitFor();
    await rest(this.panel);
    await rest(this.launcher);
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** The texts of the log, in order. */
  texts() {
    return this.bubbles.allTextContents();
  }

  async waitForText(text) {
    await this.bubbles.getByText(text, { exact: true }).waitFor();
  }

  async waitForMark(text) {
    await until(
      `the mark "${text}"`,
      async () =>
        (await this.mark.count()) > 0 &&
        (await this.mark.textContent()) === text,
    );
  }

  /** By hand, unless the chat has done so by itself: no button is left then. */
  async tryAgain() {
    await this.page
      .getByRole("button", { name: "Try again" })
      .evaluateAll(([button]) => button?.click());
  }

  /** Resolves when everything in the log is at the server. */
  async waitUntilSent() {
    await this.page.waitForFunction(() => {
      const root = [...document.documentElement.children].find(
        (node) => node.shadowRoot,
      )?.shadowRoot;

      return root && !root.querySelector(".unsent, .mark.sending");
    });
  }
}
