import { useRef } from "preact/hooks";
import { isIncoming } from "../loader/model.ts";
import { usePanel } from "./context.ts";

/** The one live region: messages that come in, each once. */
export function Announcer() {
  const { store, t } = usePanel();
  const chat = store.chat.value;
  const since = useRef<number | undefined>(undefined);

  // what was there when the chat opened is history
  if (chat && since.current === undefined) {
    since.current = chat.events.at(-1)?.id ?? 0;
  }

  const news = (chat?.events ?? [])
    .filter(isIncoming)
    .filter((event) => event.id > (since.current ?? 0));

  return (
    <div class="lc-hidden" aria-live="polite">
      {news.slice(-3).map((event) => (
        <p key={event.id}>
          {event.author.name ?? t("operator")}: {event.data.text}
        </p>
      ))}
    </div>
  );
}
