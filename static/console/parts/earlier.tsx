// Earlier conversations of the same visitor or the same proved user.

import { useEffect, useState } from "preact/hooks";
import { fullTime, shortTime } from "../../shared/time.ts";
import type { Conversation } from "../../shared/types.ts";
import { localeName, t } from "../i18n.ts";
import { hrefOf } from "../router.ts";
import { api } from "../state/api.ts";
import { now } from "../state/clock.ts";

function useEarlier({ id, visitor }: Conversation): Conversation[] {
  const [found, setFound] = useState<Conversation[]>([]);
  const user = visitor.user?.id;
  useEffect(() => {
    const stop = new AbortController();
    setFound([]);
    api
      .earlier(id, stop.signal)
      .then(({ conversations }) => setFound(conversations))
      // without them one sees what there is
      .catch(() => undefined);
    return () => stop.abort();
  }, [id, user]);
  return found;
}

export function Earlier({ conversation }: { conversation: Conversation }) {
  const earlier = useEarlier(conversation);
  const locale = localeName();
  if (earlier.length === 0) {
    return null;
  }
  return (
    <section class="earlier" aria-labelledby="earlier-title">
      <h3 id="earlier-title">{t("profile.earlier")}</h3>
      <ul>
        {earlier.map((of) => (
          <li key={of.id}>
            <a href={hrefOf({ name: "conversation", id: of.id })}>
              <span class="earlier-text" dir="auto">
                {of.last_message?.text ?? `#${of.id}`}
              </span>
              <small title={fullTime(of.opened_at, locale)}>
                {shortTime(of.opened_at, now.value, locale)} ·{" "}
                {t(`state.${of.state}`)}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
