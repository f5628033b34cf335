// What calls an operator: a sound, and a notification while the console is
// out of sight. One tab speaks for the browser, so nothing is said twice.

import { signal } from "@preact/signals";
import type { ChatEvent, Conversation } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { go } from "../router.ts";
import { known } from "./conversations.ts";
import { leads, onEvent } from "./live.ts";
import { visitorName } from "./names.ts";
import { prefs, setPrefs } from "./prefs.ts";
import { me } from "./session.ts";
import { play } from "./sound.ts";

type MessageFromVisitor = Extract<ChatEvent, { type: "message" }>;

/** Older news is replay after a pause: it is shown, but not rung for. */
const FRESH_MS = 60_000;

export type Permission = "unsupported" | NotificationPermission;

function readPermission(): Permission {
  return "Notification" in window ? Notification.permission : "unsupported";
}

export const permission = signal<Permission>(readPermission());

export async function askPermission(): Promise<void> {
  if (permission.value !== "unsupported") {
    await Notification.requestPermission();
    permission.value = readPermission();
    setPrefs({ notify: permission.value === "granted" });
  }
}

const shown = new Map<number, Notification>();

/** Phones grant the permission, and then leave it to service workers. */
function create(
  title: string,
  options: NotificationOptions,
): Notification | null {
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
}

function notify(conversation: Conversation, text: string): void {
  const allowed = permission.value === "granted" && prefs.value.notify;
  if (!allowed || document.visibilityState === "visible") {
    return;
  }
  const name = visitorName(conversation.visitor);
  const waiting = conversation.state === "waiting";
  const title = waiting ? t("alert.newVisitor", { name }) : name;
  // The tag makes a later message replace the earlier one.
  const tag = `chat-console:${conversation.id}`;
  const note = create(title, { body: text, tag });
  if (!note) {
    return;
  }
  note.onclick = () => {
    window.focus();
    go({ name: "conversation", id: conversation.id });
    note.close();
  };
  shown.set(conversation.id, note);
}

function concerns(conversation: Conversation): boolean {
  return (
    conversation.state === "waiting" || conversation.operator?.id === me()?.id
  );
}

async function ring(event: MessageFromVisitor): Promise<void> {
  const conversation = await known(event.conversation);
  if (conversation && concerns(conversation)) {
    play(conversation.state === "waiting" ? "visitor" : "message");
    notify(conversation, event.data.text);
  }
}

export function startAlerts(): void {
  onEvent((event) => {
    if (
      leads() &&
      event.type === "message" &&
      event.author.kind === "visitor" &&
      Date.now() - event.at < FRESH_MS
    ) {
      void ring(event);
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      for (const note of shown.values()) {
        note.close();
      }
      shown.clear();
    }
  });
}
