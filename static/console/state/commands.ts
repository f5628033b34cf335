// What the palette can jump to and do.

import type { Conversation, Status } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { go, PLACES } from "../router.ts";
import { book } from "./conversations.ts";
import { problemText, visitorName } from "./names.ts";
import { say } from "./notices.ts";
import { overlay } from "./overlay.ts";
import { prefs, setPrefs, THEMES, type Theme } from "./prefs.ts";
import { logOut, mayOpen, setStatus } from "./session.ts";

export interface Item {
  readonly key: string;
  readonly name: string;
  readonly hint: string;
  run(): void;
}

function withWord(promise: Promise<void>): void {
  promise.catch((error: unknown) => say(problemText(error), true));
}

function pages(): Item[] {
  return PLACES.filter(mayOpen).map((name) => ({
    key: name,
    name: t(`nav.${name}`),
    hint: t("palette.pages"),
    run: () => go({ name }),
  }));
}

function themeName(theme: Theme): string {
  return theme === "auto"
    ? t("account.themeAuto")
    : t(theme === "light" ? "account.themeLight" : "account.themeDark");
}

function actions(): Item[] {
  const hint = t("palette.actions");
  const statuses: readonly Status[] = ["online", "away", "offline"];
  const { sound } = prefs.value;
  return [
    ...statuses.map((status) => ({
      key: `status-${status}`,
      name: t("palette.status", { status: t(`status.${status}`) }),
      hint,
      run: () => withWord(setStatus(status)),
    })),
    ...THEMES.map((theme) => ({
      key: `theme-${theme}`,
      name: t("palette.theme", { theme: themeName(theme) }),
      hint,
      run: () => setPrefs({ theme }),
    })),
    {
      key: "sound",
      name: t(sound ? "palette.soundOff" : "palette.soundOn"),
      hint,
      run: () => setPrefs({ sound: !sound }),
    },
    {
      key: "help",
      name: t("nav.help"),
      hint,
      run: () => {
        overlay.value = "help";
      },
    },
    { key: "out", name: t("nav.logOut"), hint, run: () => withWord(logOut()) },
  ];
}

function conversationItem(conversation: Conversation): Item {
  const { id, visitor, last_message } = conversation;
  return {
    key: `c${id}`,
    name: visitorName(visitor),
    hint: last_message?.text ?? t(`state.${conversation.state}`),
    run: () => go({ name: "conversation", id }),
  };
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** All words of the query, anywhere; accents don't matter. */
export function matches(query: string, text: string): boolean {
  const haystack = plain(text);
  return plain(query)
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

export function find(query: string): Item[] {
  const conversations = [...book.value.values()]
    .filter(({ state }) => state !== "closed" || query !== "")
    .sort((a, b) => b.last_event - a.last_event)
    .map(conversationItem);
  const all =
    query === ""
      ? [...conversations.slice(0, 6), ...pages(), ...actions()]
      : [...pages(), ...conversations, ...actions()];
  const id = /^#?(\d+)$/.exec(query.trim())?.[1];
  const byId =
    id === undefined
      ? []
      : [...book.value.values()]
          .filter((conversation) => String(conversation.id) === id)
          .map(conversationItem);
  const rest = all.filter(({ name, hint }) =>
    matches(query, `${name} ${hint}`),
  );
  const seen = new Set(byId.map(({ key }) => key));
  return [...byId, ...rest.filter(({ key }) => !seen.has(key))];
}
