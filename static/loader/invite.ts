// Invitations to chat: asks which the server has for this page, watches what
// only the browser knows, shows at most one, and never while the visitor
// types, talks, or has lately said no.

import { type Condition, decide } from "../shared/condition.ts";
import { adopt } from "../shared/sheet.ts";
import type { Config } from "./config.ts";
import css from "./invite.css?text";
import type { Live } from "./live.ts";

interface Invitation {
  trigger: number;
  match: "all" | "any";
  conditions: Condition[];
  text: string;
  sender: string;
  delay: number;
  quiet_days: number;
}

/** What an operator invites with. */
export interface Said {
  text: string;
  sender: string;
}

/** The chat that is invited to. */
export interface Host {
  connect(): Promise<Live>;
  open(): Promise<void>;
}

const DAY = 86_400_000;
const SECOND = 1000;
/** A page that a script shows is told to the server before. */
const MOVED = 1;
export const CLOSE = { en: "No, thank you", fr: "Non merci", de: "Nein danke" };
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "wheel"];

type Show = (said: Said) => void;

/** One of a chat's button. */
const inviters = new WeakMap<HTMLElement, Show>();

/** `said`: by an operator, just now. */
export function invite(
  config: Config,
  place: HTMLElement,
  host: Host,
  said?: Said,
): void {
  const show = inviters.get(place) ?? watch(config, place, host);

  inviters.set(place, show);

  if (said) {
    show(said);
  }
}

function watch(config: Config, place: HTMLElement, host: Host): Show {
  const root = place.getRootNode() as ShadowRoot;
  const quiet = `chat:${config.base}:quiet`;
  let offers: Invitation[] = [];
  let path = location.pathname;
  let moved = 0;
  let onSite = 0;
  let page = Date.now();
  let sign = page;
  let scroll = 0;
  let exit = false;
  let chosen: { offer: Invitation; at: number } | undefined;
  let shown = false;

  const call = (method: string, query: string, body?: object) =>
    fetch(`${config.base}api/v1/visitor/invitation${query}`, {
      method,
      keepalive: method === "POST",
      ...(body && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });

  const tell = (trigger: number, outcome: string) =>
    call("POST", "", { trigger, outcome }).catch(() => undefined);

  const ask = async () => {
    const url = (location.pathname + location.search).slice(0, 2000);
    const answer = await call("GET", `?page=${encodeURIComponent(url)}`);

    if (answer.ok) {
      const { invitations, on_site } = await answer.json();

      offers = invitations;
      onSite = Date.now() - on_site * SECOND;
    }
  };

  /** Looks again each second: no timer is as right as that. */
  const look = () => {
    const now = Date.now();

    if (location.pathname !== path) {
      path = location.pathname;
      page = now;
      moved = now;
      scroll = 0;
      exit = false;
      offers = [];
      chosen = undefined;
    } else if (moved && now - moved > MOVED * SECOND) {
      moved = 0;
      ask().catch(() => undefined);
    }

    scroll = Math.max(scroll, seen());

    const seconds = (since: number) => Math.floor((now - since) / SECOND);
    const of = {
      time_on_page: seconds(page),
      time_on_site: seconds(onSite),
      idle: seconds(sign),
      scroll,
      exit,
    };

    const offer =
      chosen?.offer ?? offers.find((one) => decide(one, { of }) === "yes");

    if (offer) {
      chosen ??= { offer, at: now + offer.delay * SECOND };

      if (now >= chosen.at && !busy(root)) {
        void show(offer);
      }
    }
  };

  const timer = setInterval(look, SECOND);

  const show = async (offer: Invitation) => {
    if (shown) {
      return;
    }

    shown = true;
    clearInterval(timer);

    // another tab may have been first
    if ((await tell(offer.trigger, "shown"))?.status !== 204) {
      return;
    }

    const box = draw(root, place, offer, CLOSE[config.locale]);
    const [yes, no] = box.querySelectorAll("button");

    yes?.addEventListener("click", async () => {
      box.remove();
      // before anything is written, or it would be nobody's doing
      await tell(offer.trigger, "opened");
      (await host.connect().catch(() => undefined))?.greet(offer.text);
      await host.open();
    });
    no?.addEventListener("click", () => {
      box.remove();
      void tell(offer.trigger, "dismissed");

      // without consent it holds for this page
      if (config.state?.store !== false) {
        remember(quiet, Date.now() + offer.quiet_days * DAY);
      }
    });
    // who opens the chat needs no invitation to it
    document.addEventListener("chat:open", () => box.remove(), { once: true });
    document.dispatchEvent(
      new CustomEvent("chat:invite", { detail: { text: offer.text } }),
    );
  };

  for (const name of SIGNS) {
    addEventListener(
      name,
      () => {
        sign = Date.now();
      },
      { passive: true, capture: true },
    );
  }

  // out by the top: to the tabs, the address, the way back
  document.documentElement.addEventListener("pointerleave", (event) => {
    if (event.clientY <= 0) {
      exit = true;
      look();
    }
  });

  const byHand = ({ text, sender }: Said) => {
    chosen = {
      at: 0,
      offer: {
        trigger: -1,
        match: "all",
        conditions: [],
        text,
        sender,
        delay: 0,
        quiet_days: 7,
      },
    };
  };

  if (config.state?.invite && Date.now() > remembered(quiet)) {
    ask().catch(() => undefined);
  }

  return byHand;
}

/** How much of the page was on the screen, in percent. */
function seen(): number {
  const { scrollHeight } = document.documentElement;

  return Math.floor(((scrollY + innerHeight) / scrollHeight) * 100);
}

/** In the chat, in another tab, or in a field of the page, which may have its
    own roots. */
function busy(root: ShadowRoot): boolean {
  let field = document.activeElement;

  while (field?.shadowRoot?.activeElement) {
    field = field.shadowRoot.activeElement;
  }

  return (
    document.hidden ||
    root.host.hasAttribute("data-open") ||
    !!field?.matches("input, textarea, select, iframe") ||
    (field instanceof HTMLElement && field.isContentEditable)
  );
}

/** Also for who writes one, to see it as visitors do. */
export function draw(
  root: ShadowRoot,
  place: HTMLElement,
  { text, sender }: Pick<Invitation, "text" | "sender">,
  close: string,
): HTMLElement {
  const box = document.createElement("div");
  const open = document.createElement("button");
  const name = document.createElement("b");
  const no = document.createElement("button");

  adopt(root, css);
  box.className = "invite";
  box.setAttribute("role", "status");
  open.className = "invite-open";
  open.type = "button";
  name.textContent = sender;
  open.append(...(sender ? [name] : []), text);
  no.className = "invite-close";
  no.type = "button";
  no.textContent = "×";
  no.setAttribute("aria-label", close);
  box.append(open, no);
  place.before(box);

  return box;
}

/** By the visitor's own action; a browser that forbids it forgets. */
function remember(key: string, until: number): void {
  try {
    localStorage.setItem(key, String(until));
  } catch {
    // as it is
  }
}

function remembered(key: string): number {
  try {
    return Number(localStorage.getItem(key) ?? 0);
  } catch {
    return 0;
  }
}
