// Says incoming messages to screen readers: those of the conversation in
// front, and that someone new waits.

import { t } from "../i18n.ts";
import { book } from "./conversations.ts";
import { onEvent } from "./live.ts";
import { visitorName } from "./names.ts";
import { announce } from "./notices.ts";
import { active } from "./opened.ts";

export function startHearing(): void {
  onEvent((event) => {
    if (event.type === "message" && event.author.kind === "visitor") {
      const of = book.value.get(event.conversation);
      if (of && active.value === of.id) {
        const name = visitorName(of.visitor);
        announce(t("thread.said", { name, text: event.data.text }));
      }
    } else if (event.type === "state" && event.data.state === "waiting") {
      const of = book.value.get(event.conversation);
      announce(
        t("alert.newVisitor", {
          name: of ? visitorName(of.visitor) : t("visitor.title"),
        }),
      );
    }
  });
}
