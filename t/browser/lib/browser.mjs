// Copyright (C) ngx_chat_module contributors
//
// What browser tests share: a real nginx, a real Chromium, an operator by the
// API, and a watch over everything that a page reports.
//
//     const { chat, browser, operator } = await open(t);
//     const page = await browser.page(`${chat.origin}/`);

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

import { serve } from "../../lib/server.mjs";

const require = createRequire(
  fileURLToPath(new URL("../../../static/package.json", import.meta.url)),
);
const { chromium } = require("playwright-core");

export const AXE = require.resolve("axe-core");

/** How long one waits for what does not come; a busy machine needs some. */
const WAIT_MS = 30_000;

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * A server and a browser for one test; both end with it. `operator: false`
 * leaves the server without any account.
 */
export async function open(t, options = {}) {
  const chat = await serve(options);
  let chromiumProcess;

  // In one hook, for one that fails keeps the next ones from running. The
  // browser first: it opens connections in advance, and nginx waits for the
  // request of each before it exits, a minute long.
  t.after(async () => {
    try {
      await chromiumProcess?.close();
    } finally {
      await chat.done();
    }
  });

  chromiumProcess = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: FLAGS,
    // pages go to the back-forward cache, as in people's browsers
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });

  return {
    chat,
    browser: new Browser(chromiumProcess),
    operator: chat.operator
      ? await Operator.logIn(chat.origin, chat.operator)
      : undefined,
  };
}

class Browser {
  #browser;

  constructor(browser) {
    this.#browser = browser;
  }

  /** A browser profile: its pages share cookies, storage and locks. */
  async profile(options = {}) {
    const context = await this.#browser.newContext({
      locale: "en-GB",
      viewport: { width: 1280, height: 800 },
      ...options,
    });

    context.setDefaultTimeout(WAIT_MS);
    return context;
  }

  /** A page of a new profile, at an address. */
  async page(address, options = {}) {
    const page = await (await this.profile(options)).newPage();

    await page.goto(address);
    return page;
  }
}

/** Collects what a page must never report: errors, refused policies. */
export function watch(page) {
  const complaints = [];

  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  page.on("console", (message) => {
    if (message.type() === "error") {
      complaints.push(`${message.text()} (${message.location().url})`);
    }
  });

  return complaints;
}

/** Pages of the profile can look away, which Chromium without a head can't. */
export function mayLookAway(profile) {
  return profile.addInitScript(() => {
    let away = false;

    Object.defineProperty(document, "hidden", { get: () => away });
    Object.defineProperty(document, "visibilityState", {
      get: () => (away ? "hidden" : "visible"),
    });
    globalThis.lookAway = (now) => {
      away = now;
      document.dispatchEvent(new Event("visibilitychange"));
    };
  });
}

export function lookAway(page, away = true) {
  return page.evaluate((now) => globalThis.lookAway(now), away);
}

/**
 * What to send back of the one cookie that an answer sets. Debian 12's Node.js
 * knows no Headers.getSetCookie().
 */
export function cookieOf(response) {
  return (response.headers.get("set-cookie") ?? "").split(";")[0];
}

/** Who asks for nothing is gone after 45 s, and a test may take longer. */
const ASKS_MS = 10_000;

/** An operator who uses the API and no browser. */
export class Operator {
  #origin;
  #cookie;
  #count = 0;

  static async logIn(origin, { login, password }) {
    const operator = new Operator();

    operator.#origin = origin;

    const response = await operator.#fetch("POST", "/operator/session", {
      login,
      password,
    });

    assert.equal(response.status, 201, "the operator is logged in");
    operator.#cookie = cookieOf(response);

    // present: a choice, and a question every so often, as of an open console
    await operator.call("PUT", "/operator/presence", { status: "online" });
    await operator.#ask();
    setInterval(() => operator.#ask().catch(() => {}), ASKS_MS).unref();
    return operator;
  }

  #ask() {
    return this.call("GET", "/operator/events?after=0&wait=0");
  }

  async call(method, path, body) {
    const response = await this.#fetch(method, path, body);

    assert.ok(response.ok, `${method} ${path}: ${response.status}`);
    return response.status === 204 ? undefined : response.json();
  }

  /** The newest conversation with a message like this, once there is one. */
  async conversationWith(text) {
    return until(`a conversation with "${text}"`, async () => {
      const { conversations } = await this.call(
        "GET",
        "/operator/conversations?state=all",
      );

      for (const conversation of conversations) {
        if ((await this.texts(conversation.id)).includes(text)) {
          return conversation;
        }
      }
    });
  }

  /** What was said, in order. */
  async texts(id) {
    const { events } = await this.call(
      "GET",
      `/operator/conversations/${id}/events?limit=100`,
    );

    return events
      .filter((event) => event.type === "message")
      .map((event) => event.data.text);
  }

  conversation(id) {
    return this.call("GET", `/operator/conversations/${id}`).then(
      (answer) => answer.conversation,
    );
  }

  say(id, text) {
    const clientId = `browser-test-${process.pid}-${this.#count++}`;

    return this.call("POST", `/operator/conversations/${id}/messages`, {
      client_id: clientId,
      text,
    });
  }

  read(id, upTo) {
    return this.call("POST", `/operator/conversations/${id}/read`, {
      up_to: upTo,
    });
  }

  type(id) {
    return this.call("POST", `/operator/conversations/${id}/typing`, {
      typing: true,
    });
  }

  close(id) {
    return this.call("POST", `/operator/conversations/${id}/close`);
  }

  #fetch(method, path, body) {
    return fetch(`${this.#origin}/chat/api/v1${path}`, {
      method,
      headers: {
        Origin: this.#origin,
        ...(this.#cookie ? { Cookie: this.#cookie } : {}),
        ...(body ? { "Content-Type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }
}

/** Waits until what is looked at is this; what it was last is shown, else. */
export async function becomes(what, look, expected, timeout = WAIT_MS) {
  const end = Date.now() + timeout;

  for (;;) {
    const found = await look();

    if (isDeepStrictEqual(found, expected)) {
      return;
    }

    if (Date.now() > end) {
      assert.deepEqual(found, expected, `waited in vain for ${what}`);
    }

    await pause();
  }
}

/** Waits for something true; what it gave is the answer. */
export async function until(what, look, timeout = WAIT_MS) {
  const end = Date.now() + timeout;

  for (;;) {
    const found = await look();

    if (found) {
      return found;
    }

    if (Date.now() > end) {
      assert.fail(`waited in vain for ${what}`);
    }

    await pause();
  }
}

/** Between two looks. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve, 25));
}

/** Until what moves has come to rest; what turns for ever does not count. */
export function rest(locator) {
  return locator.evaluate((node) =>
    Promise.allSettled(
      node
        .getAnimations({ subtree: true })
        .filter(
          ({ effect }) =>
            effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        )
        .map(({ finished }) => finished),
    ).then(() => {}),
  );
}

/** Scrolls; the page has heard of it when this is over. */
export function scroll(locator, top) {
  return locator.evaluate(
    (node, to) =>
      new Promise((resolve) => {
        const before = node.scrollTop;

        node.addEventListener("scroll", () => resolve(), { once: true });
        node.scrollTo({ top: to === "end" ? node.scrollHeight : to });

        if (node.scrollTop === before) {
          resolve();
        }
      }),
    top,
  );
}

/**
 * From here on, for the longest task of a page, in ms that its thread works;
 * what others do on the machine meanwhile is not in it.
 */
export async function tasks(page) {
  const browser = page.context().browser();

  await browser.startTracing(page, {
    categories: ["disabled-by-default-devtools.timeline"],
  });

  return async () => {
    const trace = JSON.parse(String(await browser.stopTracing()));
    const events = trace.traceEvents;
    const pages = new Set(
      events
        .filter(({ args }) => args?.name === "CrRendererMain")
        .map(({ tid }) => tid),
    );
    // one that is under way at the end has no length yet
    const worked = events
      .filter(
        ({ name, tid, tdur }) =>
          name === "RunTask" && pages.has(tid) && tdur !== undefined,
      )
      .map(({ tdur }) => tdur / 1000);

    assert.ok(worked.length > 0, "tasks were seen");
    return Math.max(...worked);
  };
}

/**
 * Counts what the page's own thread works from here on, in ms: what others do
 * on the machine meanwhile is not in it. `rate`: on a machine so many times
 * slower.
 */
export async function working(page, rate = 1) {
  const session = await page.context().newCDPSession(page);

  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await session.send("Emulation.setCPUThrottlingRate", { rate });

  const worked = async () => {
    const { metrics } = await session.send("Performance.getMetrics");

    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  const before = await worked();

  return async () => {
    const took = (await worked()) - before;

    await session.detach();
    return took;
  };
}
