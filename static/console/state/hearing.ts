// Says incoming messages to screen readers: those of the conversation in
// front, and that someone new waits.

import type { ChatEvent } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { known } from "./conversations.ts";
import { onEvent } from "./live.ts";
import { visitorName } from "./names.ts";
import { announce } from "./notices.ts";
import { active } from "./opened.ts";

async function hear(event: ChatEvent): Promise<void> {
  if (event.type === "message" && event.author.kind === "visitor") {
    const of = await known(event.conversation);
    if (of && active.value === of.id) {
      const name = visitorName(of.visitor);
      announce(t("thread.said", { name, text: event.data.text }));
    }
  } else if (event.type === "state" && event.data.state === "waiting") {
    const of = await known(event.conversation);
    if (of) {
      announce(t("alert.newVisitor", { name: visitorName(of.visitor) }));
    }
  }
}

export function startHearing(): void {
  onEvent((event) => void hear(event));
}
