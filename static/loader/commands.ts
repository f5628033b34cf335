// What window.chat() understands; loaded with the first call. What a page gets
// wrong is told in its console, and never thrown at it.

import type { LoaderLocale } from "../locales/loader.ts";
import { pickLocale } from "../shared/i18n.ts";
import { type Config, LOCALES } from "./config.ts";
import { Guest, need, type Told } from "./guest.ts";

/** What the chat is asked to do; the rest is kept here for it. */
export interface Chat {
  open(): unknown;
  close(): unknown;
  toggle(): void;
  hide(): void;
  show(): void;
  send(text: string): unknown;
  connect(): Promise<{ start(): Promise<void> }>;
  restyle(): void;
  translate(): unknown;
  shutdown(): void;
}

/** The page's chat, whether there is one now or not. */
export interface Host {
  config: Config;
  chat: Chat | undefined;
  boot(): Chat;
  told: () => Told;
}

// what chat.d.ts has, neither more nor less

const THEMES: Record<NgxChat.Theme, 1> = { auto: 1, light: 1, dark: 1 };
const EVENTS: Record<keyof NgxChat.Events, 1> = {
  ready: 1,
  open: 1,
  close: 1,
  message: 1,
  unread: 1,
  invite: 1,
};

type Command = (...args: unknown[]) => unknown;
export type Run = (call: readonly unknown[]) => Promise<void>;

function has<T extends object>(all: T, name: unknown): name is keyof T {
  return typeof name === "string" && Object.hasOwn(all, name);
}

export function serve(host: Host): Run {
  const { config } = host;
  const guest = new Guest();
  const there = () => {
    host.chat ??= host.boot();
    return host.chat;
  };

  host.told = () => guest.told;

  /** Operators may see at once who it is, where they see who is here. */
  const prove = async () => {
    const { identity } = guest.told;

    if (!identity || !config.track) {
      return;
    }

    const answer = await fetch(`${config.base}api/v1/visitor/identity`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ identity }),
    }).catch(() => undefined);

    if (answer?.status === 403) {
      need(false, (await answer.json()).detail);
    }
  };

  // who opens the chat begins anew on that list, without what others said
  document.addEventListener("chat:open", () => {
    host.chat
      ?.connect()
      .then((live) => live.start())
      .then(prove)
      .catch(() => undefined);
  });

  const commands: Record<keyof NgxChat.Commands, Command> = {
    // what is asked for brings a chat back that was shut down
    open: () => there().open(),
    toggle: () => there().toggle(),
    show: () => there().show(),
    close: () => host.chat?.close(),
    hide: () => host.chat?.hide(),
    identify: (person) => {
      guest.identify(person);
      return prove();
    },

    set: (name, value) => guest.set(name, value),

    send: (text) => {
      need(typeof text === "string" && text.trim() !== "", "a text");
      return there().send(text);
    },

    on: (name, handler) => {
      need(has(EVENTS, name), Object.keys(EVENTS).join(", "));
      need(typeof handler === "function", "a function");
      document.addEventListener(`chat:${name}`, (event) =>
        handler((event as CustomEvent).detail),
      );

      if (name === "ready") {
        handler();
      }
    },

    locale: (name) => {
      const locale = pickLocale<LoaderLocale | "">([String(name)], LOCALES, "");

      need(locale !== "", LOCALES.join(", "));
      config.locale = locale;
      return host.chat?.translate();
    },

    theme: (name) => {
      need(has(THEMES, name), Object.keys(THEMES).join(", "));
      config.theme = name;
      host.chat?.restyle();
    },

    shutdown: () => {
      host.chat?.shutdown();
      host.chat = undefined;
      guest.forget();
    },
  };

  return async ([name, ...args]) => {
    try {
      need(has(commands, name), "no such command");
      await commands[name](...args);
    } catch (error) {
      // biome-ignore lint/suspicious/noConsole: for who writes the page
      console.warn(`chat("${String(name)}"): ${(error as Error).message}`);
    }
  };
}
