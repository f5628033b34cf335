// The one script of a page with a chat. Until the visitor acts it draws a
// button and nothing else: no request, nothing stored. Whatever fails, the
// page must not notice.

import { loaderTexts } from "../locales/loader.ts";
import type * as PanelModule from "../widget/panel.tsx";
import { hideWhileAway } from "./away.ts";
import { takeCommands } from "./commands.ts";
import { type Config, readConfig } from "./config.ts";
import { Launcher } from "./launcher.ts";
import type * as LiveModule from "./live.ts";
import { Memory } from "./memory.ts";
import { reportPages } from "./pages.ts";
import { showInTitle } from "./title.ts";

type Panel = ReturnType<typeof PanelModule.mount>;

const PHONE = "(max-width: 480px)";

class Chat {
  readonly #config;
  readonly #memory;
  readonly #launcher;
  #live: Promise<LiveModule.Live> | undefined;
  #panel: Promise<Panel> | undefined;
  #unread = 0;
  #open = false;
  #wanted = false;

  constructor(config: Config) {
    this.#config = config;
    this.#memory = new Memory(this.#config.base);
    this.#launcher = new Launcher({
      config: this.#config,
      texts: loaderTexts[this.#config.locale],
      onToggle: () => this.toggle(),
      onIntent: () => void this.#load().catch(() => undefined),
    });
    document.addEventListener("visibilitychange", () => this.#show());
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
      this.#connect()
        .then((live) => live.start())
        .catch(() => undefined);
    }
  }

  async open(focus = true): Promise<void> {
    if (this.#open) {
      return;
    }

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
  }

  toggle(): void {
    void (this.#open ? this.close() : this.open());
  }

  #setOpen(open: boolean): void {
    this.#open = open;
    this.#wanted ||= open;
    this.#memory.wasOpen = open;
    this.#launcher.open = open;

    if (open) {
      this.#launcher.away = false;
    }
  }

  /** The session and its stream, which the badge needs, too. */
  #connect(): Promise<LiveModule.Live> {
    this.#live ??= this.#file<typeof LiveModule>(__FILES__.live).then(
      ({ Live }) => {
        const live = new Live(this.#config, this.#memory);

        live.subscribe(() => {
          this.#unread = live.state?.unread ?? 0;
          this.#show();
        });
        return live;
      },
    );
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
    const [live, { mount }, { default: messages }] = await this.#load();

    return mount({
      place: this.#launcher.place,
      shadow: this.#launcher.shadow,
      live,
      locale: this.#config.locale,
      messages,
      onClose: () => void this.close(),
    });
  }

  /** The browser keeps what it has, so there is nothing to keep here. */
  #load() {
    return Promise.all([
      this.#connect(),
      this.#file<typeof PanelModule>(__FILES__.panel),
      this.#file<PanelModule.Messages>(__FILES__.locales[this.#config.locale]),
    ]);
  }

  #file<T>(name: string | undefined): Promise<T> {
    return import(`${this.#config.base}w/${name}`);
  }

  #show(): void {
    this.#launcher.unread = this.#unread;
    showInTitle(this.#unread);
  }
}

function start(script: HTMLScriptElement): void {
  const config = readConfig(script);
  const chat = new Chat(config);

  chat.start();
  takeCommands({
    open: () => void chat.open(),
    close: () => void chat.close(),
    toggle: () => chat.toggle(),
  });

  if (config.track) {
    reportPages(config.base);
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
