// The button in the corner of the page and the place where the panel goes,
// in a shadow tree that the page's style sheets don't reach.

import downIcon from "icon:chevron-down";
import chatIcon from "icon:message-circle";
import helpIcon from "icon:message-circle-question-mark";
import squareIcon from "icon:message-square";
import type { LoaderTexts } from "../locales/loader.ts";
import { onColour, parseColour } from "../shared/colour.ts";
import type { Look } from "../shared/types.ts";
import type { IconNodes } from "../shared/ui/icon.tsx";
import type { Config } from "./config.ts";
import css from "./launcher.css?text";

const ICONS = { bubble: chatIcon, square: squareIcon, help: helpIcon };

export interface LauncherOptions {
  config: Config;
  texts: LoaderTexts;
  onToggle(): void;
  /** The visitor is about to click. */
  onIntent(): void;
}

export class Launcher {
  readonly shadow: ShadowRoot;
  /** The panel's place. */
  readonly place: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly #host: HTMLElement;
  readonly #badge: HTMLElement;
  readonly #region: HTMLElement;
  #texts: LoaderTexts;
  #unread = 0;
  #open = false;

  constructor(options: LauncherOptions) {
    const { config, texts } = options;
    const sheet = new CSSStyleSheet();

    this.#texts = texts;
    this.#host = document.createElement("div");
    this.shadow = this.#host.attachShadow({ mode: "open" });
    this.place = element("div", "place");
    this.button = element("button", "launcher");
    this.#badge = element("span", "badge");
    this.button.type = "button";
    this.button.append(drawIcon(chatIcon), drawIcon(downIcon), this.#badge);

    this.#region = element("section", "corner");
    this.#region.append(this.place, this.button);
    this.shadow.append(this.#region);
    sheet.replaceSync(css);
    this.shadow.adoptedStyleSheets = [sheet];

    this.dress(config, config.state?.brand);
    this.#listen(options);
    this.speak(texts, config.locale);
  }

  speak(texts: LoaderTexts, locale: string): void {
    this.#texts = texts;
    this.#region.lang = locale;
    this.#region.setAttribute("aria-label", texts.open);
    this.#label();
  }

  remove(): void {
    this.#host.remove();
  }

  /** No button, as the page wishes; what is open stays. */
  set hidden(hidden: boolean) {
    this.#host.toggleAttribute("data-hidden", hidden);
  }

  /** Beside the body: what replaces the body leaves the chat alone. */
  attach(): void {
    document.documentElement.append(this.#host);
  }

  set unread(count: number) {
    this.#unread = count;
    this.#label();
  }

  /** No button. */
  set away(away: boolean) {
    this.#host.toggleAttribute("data-away", away);
  }

  set open(open: boolean) {
    this.#open = open;
    this.#host.toggleAttribute("data-open", open);
    this.#label();
  }

  #label(): void {
    const { open, close, unread } = this.#texts;
    const count = this.#unread;
    const label = count > 0 ? `${open}, ${unread(count)}` : open;

    this.button.setAttribute("aria-label", this.#open ? close : label);
    this.button.setAttribute("aria-expanded", String(this.#open));
    this.#badge.textContent = count > 99 ? "99+" : String(count);
    this.#badge.hidden = count === 0 || this.#open;
  }

  /** What the page says of its looks goes before what was chosen for all. */
  dress(config: Config, look?: Look): void {
    const { style, dataset } = this.#host;
    const colour = config.colour ?? parseColour(look?.colour);

    dataset["side"] = config.side ?? look?.side ?? "end";
    dataset["theme"] = config.theme;
    style.setProperty("--lc-x", `${look?.x || 0}px`);
    style.setProperty("--lc-y", `${look?.y || 0}px`);
    this.button.firstChild?.replaceWith(
      drawIcon(ICONS[look?.icon ?? "bubble"] ?? chatIcon),
    );

    if (colour) {
      dataset["brand"] = "";
      style.setProperty("--lc-accent", colour);
      style.setProperty("--lc-on-accent", onColour(colour));
    }
  }

  #listen({ onToggle, onIntent }: LauncherOptions): void {
    this.button.addEventListener("click", onToggle);
    this.button.addEventListener("pointerenter", onIntent, { once: true });
    this.button.addEventListener("focus", onIntent, { once: true });

    // the page's own shortcuts are not for what is typed here
    for (const type of ["keydown", "keyup", "keypress"]) {
      this.#host.addEventListener(type, (event) => event.stopPropagation());
    }
  }
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name: string,
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = name;
  return node;
}

function drawIcon(nodes: IconNodes): SVGElement {
  const draw = (tag: string, attributes: Record<string, string>) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);

    for (const [name, value] of Object.entries(attributes)) {
      node.setAttribute(name, value);
    }

    return node;
  };
  const svg = draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });

  svg.append(...nodes.map(([tag, attributes]) => draw(tag, attributes)));
  return svg;
}
