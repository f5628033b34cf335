// The one script of a page with a chat. Until the visitor acts it draws a
// button and nothing else: no request, nothing stored. Whatever fails, the
// page must not notice.

import { loaderTexts } from "../locales/loader.ts";
import type { Look, MessageEvent } from "../shared/types.ts";
import type * as PanelModule from "../widget/panel.tsx";
import { hideWhileAway } from "./away.ts";
import type * as CommandsModule from "./commands.ts";
import { readConfig } from "./config.ts";
import { type Files, load } from "./files.ts";
import type { Said } from "./invite.ts";
import { Launcher } from "./launcher.ts";
import type * as LiveModule from "./live.ts";
import { Memory } from "./memory.ts";
import { reportPages } from "./pages.ts";

type Panel = ReturnType<typeof PanelModule.mount>;

const PHONE = "(max-width: 480px)";

/** A visitor who left is gone before another one comes. */
let left: Promise<unknown> = Promise.resolve();

class Chat implements CommandsModule.Chat {
  readonly #host;
  readonly #config;
  readonly #memory;
  readonly #launcher;
  #live: Promise<LiveModule.Live> | undefined;
  #panel: Promise<Panel> | undefined;
  #unread = 0;
  #open = false;
  #wanted = false;
  #over = false;
  #title: typeof LiveModule.showInTitle | undefined;
  #look: Look | undefined;
  /** Where the focus goes back to. */
  #before: Element | null = null;

  constructor(host: CommandsModule.Host) {
    this.#host = host;
    this.#config = host.config;
    this.#look = host.config.state?.brand;
    this.#memory = new Memory(
      this.#config.base,
      this.#config.state?.store === false,
    );
    this.#launcher = new Launcher({
      config: this.#config,
      texts: loaderTexts[this.#config.locale],
      onToggle: () => this.toggle(),
      onIntent: () => void this.#loadAll().catch(() => undefined),
    });
    document.addEventListener("visibilitychange", this.#show);
  }

  start(): void {
    // who has written, here or before, keeps the button
    this.#wanted = this.#memory.known || this.#memory.hasUnsent;
    hideWhileAway(this.#config, (away) => {
      this.#launcher.away = away && !this.#wanted;
    });
    this.#launcher.attach();

    if (this.#memory.wasOpen && !matchMedia(PHONE).matches) {
      void this.open(false);
    } else if (this.#memory.hasUnsent) {
      this.#mount().catch(() => undefined);
    }

    if (this.#memory.known) {
      this.connect()
        .then((live) => live.start(this.#config.state?.at))
        .catch(() => undefined);
    }

    if (this.#config.state?.invite) {
      this.#invite();
    }
  }

  /** By rules of the server's, or by hand. */
  #invite(said?: Said): void {
    this.#load("invite")
      .then(({ invite }) =>
        invite(this.#config, this.#launcher.place, this, said),
      )
      .catch(() => undefined);
  }

  async open(focus = true): Promise<void> {
    if (this.#open) {
      return;
    }

    this.#before = document.activeElement;
    this.#setOpen(true);

    try {
      const panel = await this.#mount();

      if (this.#open) {
        panel.show(focus);
      }
    } catch {
      this.#setOpen(false);
    }
  }

  async close(): Promise<void> {
    if (!this.#open) {
      return;
    }

    this.#setOpen(false);
    (await this.#panel)?.hide();
    this.#launcher.button.focus();

    // a page that hides the button has one of its own
    if (this.#launcher.shadow.activeElement !== this.#launcher.button) {
      (this.#before as HTMLElement | null)?.focus?.();
    }
  }

  toggle(): void {
    void (this.#open ? this.close() : this.open());
  }

  hide(): void {
    this.#launcher.hidden = true;
    void this.close();
  }

  show(): void {
    this.#launcher.hidden = false;
  }

  async send(text: string): Promise<void> {
    (await this.#mount()).send(text);
  }

  restyle(): void {
    this.#launcher.dress(this.#config, this.#look);
  }

  /** In another language; what was being written stays. */
  async translate(): Promise<void> {
    const { locale } = this.#config;
    const old = this.#panel;

    this.#launcher.speak(loaderTexts[locale], locale);

    if (old) {
      const draft = (await old).dispose();

      this.#panel = undefined;
      await (await this.#live)?.open();

      const panel = await this.#mount();

      panel.draft = draft;

      if (this.#open) {
        panel.show(false);
      }
    }
  }

  /** The visitor is somebody else from now on. */
  shutdown(): void {
    const live = this.#live;
    const panel = this.#panel;
    const { token } = this.#memory;
    const { base } = this.#config;

    this.#over = true;
    this.#unread = 0;
    this.#show();
    document.removeEventListener("visibilitychange", this.#show);
    this.#setOpen(false);
    this.#launcher.remove();
    this.#memory.forget();

    left = Promise.allSettled([left, live, panel]).then(async () => {
      (await panel)?.dispose();
      this.#memory.forget();

      (await live)?.stop();

      // a token that is not kept is gone; the cookie is the server's to take
      if (!token && base.startsWith(`${location.origin}/`)) {
        await fetch(`${base}api/v1/visitor/session`, {
          method: "DELETE",
          keepalive: true,
        });
      }
    });
    left.catch(() => undefined);
  }

  #setOpen(open: boolean): void {
    if (open !== this.#open) {
      emit(open ? "open" : "close");
    }

    this.#open = open;
    this.#wanted ||= open;
    this.#memory.wasOpen = open;
    this.#launcher.open = open;

    if (open) {
      this.#launcher.away = false;
    }
  }

  /** The session and its stream, which the badge needs, too. */
  connect(): Promise<LiveModule.Live> {
    this.#live ??= this.#load("live").then(({ Live, showInTitle }) => {
      this.#title = showInTitle;

      const live = new Live(this.#config, this.#memory, left);

      live.subscribe(() => {
        const look = live.state?.brand;

        if (look && look !== this.#look) {
          this.#look = look;
          this.restyle();
        }

        this.#count(live.unread);
      });
      live.onMessage = (event) => this.#hear(event);
      live.onInvited = (said) => this.#invite(said);
      return live;
    });
    this.#live.catch(() => {
      this.#live = undefined;
    });
    return this.#live;
  }

  /** The panel, drawn but not shown. */
  #mount(): Promise<Panel> {
    this.#panel ??= this.#build();
    this.#panel.catch(() => {
      this.#panel = undefined;
    });
    return this.#panel;
  }

  async #build(): Promise<Panel> {
    const [live, { mount }, { default: messages }] = await this.#loadAll();

    return mount({
      place: this.#launcher.place,
      shadow: this.#launcher.shadow,
      live,
      locale: this.#config.locale,
      messages,
      told: () => this.#host.told(),
      onClose: () => void this.close(),
    });
  }

  #loadAll() {
    return Promise.all([
      this.connect(),
      this.#load("panel"),
      this.#load(this.#config.locale),
    ]);
  }

  #load<N extends keyof Files>(name: N): Promise<Files[N]> {
    return load(this.#config.base, name);
  }

  #count(unread: number): void {
    if (unread !== this.#unread && !this.#over) {
      this.#unread = unread;
      this.#show();
      emit("unread", unread);
    }
  }

  #hear({ id, at, author, data }: MessageEvent): void {
    const from = author.kind;
    const unseen = !this.#open || document.hidden;

    emit("message", { from, name: author.name, text: data.text, at });

    if (from !== "visitor" && unseen && !this.#memory.muted) {
      this.#load("sound")
        .then(({ chime }) => chime(`chat:${this.#config.base}:${id}`))
        .catch(() => undefined);
    }
  }

  readonly #show = (): void => {
    this.#launcher.unread = this.#unread;
    this.#title?.(this.#unread);
  };
}

/** On the document, for scripts that come and go. */
function emit(name: string, detail?: unknown): void {
  document.dispatchEvent(new CustomEvent(`chat:${name}`, { detail }));
}

type Page = Window & {
  chat?: ((...call: unknown[]) => void) & { q?: ArrayLike<unknown>[] };
};

function start(script: HTMLScriptElement): void {
  const host: CommandsModule.Host = {
    config: readConfig(script),
    chat: undefined,
    told: () => ({}),
    boot: () => {
      const chat = new Chat(host);

      chat.start();
      return chat;
    },
  };

  host.chat = host.boot();

  // window.chat("open"), also before this has come, by the usual stub
  const page = window as Page;
  const waiting = page.chat?.q ?? [];
  let commands: Promise<CommandsModule.Run> | undefined;

  page.chat = (...call) => {
    commands ??= load(host.config.base, "commands").then(({ serve }) =>
      serve(host),
    );
    commands
      .then((run) => run(call))
      .catch(() => {
        commands = undefined;
      });
  };

  for (const call of Array.from(waiting)) {
    page.chat(...Array.from(call));
  }

  emit("ready");

  if (host.config.track) {
    reportPages(host.config.base);
  }
}

const script = document.currentScript;

// twice on a page is once; and an ancient browser gets no chat
if (
  script instanceof HTMLScriptElement &&
  !("ngxChat" in document.documentElement.dataset)
) {
  document.documentElement.dataset["ngxChat"] = "";

  try {
    start(script);
  } catch {
    // silent, by design
  }
}
