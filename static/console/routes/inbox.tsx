// The list, the conversations that stand open, and the details of one.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { t } from "../i18n.ts";
import { EmptyDesk } from "../parts/desk-empty.tsx";
import { ConversationList } from "../parts/list.tsx";
import { narrow, roomy, windowWidth } from "../parts/media.ts";
import { Profile } from "../parts/profile.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { ThreadView } from "../parts/thread.tsx";
import { book } from "../state/conversations.ts";
import { onAction } from "../state/keys.ts";
import { active, opened, show, shut } from "../state/opened.ts";
import { prefs, setPrefs } from "../state/prefs.ts";

const LIST_AND_RAIL = 412;
const COLUMN = 372;
const MOST_COLUMNS = 4;

function columnsThatFit(width: number): number {
  const fit = Math.floor((width - LIST_AND_RAIL) / COLUMN);
  return Math.max(1, Math.min(MOST_COLUMNS, fit));
}

/** The tabs that are columns: a run that holds the active one. */
export function runOf(
  ids: readonly number[],
  id: number,
  most: number,
): readonly number[] {
  const at = Math.max(0, ids.indexOf(id));
  const start = Math.max(0, Math.min(at - most + 1, ids.length - most));
  return ids.slice(start, start + most);
}

function useTabKeys(): void {
  useLayoutEffect(() => {
    const undo = [
      onAction("shut", () => {
        if (active.value !== null) {
          shut(active.value);
        }
      }),
      onAction("columns", () => setPrefs({ columns: !prefs.value.columns })),
    ];
    return () => {
      for (const off of undo) {
        off();
      }
    };
  }, []);
}

/** The details are kept beside the thread, or laid over it for a moment. */
function useDetails(columns: boolean) {
  const over = useSignal(false);
  const beside = roomy.value && !columns;
  return {
    shown: beside ? prefs.value.profile : over.value,
    toggle: () => {
      if (beside) {
        setPrefs({ profile: !prefs.value.profile });
      } else {
        over.value = !over.value;
      }
    },
  };
}

export function Inbox() {
  const id = active.value;
  const room = columnsThatFit(windowWidth.value);
  const side = prefs.value.columns && room > 1 && opened.value.length > 1;
  const details = useDetails(side);
  useTabKeys();
  useEffect(() => {
    if (id !== null) {
      show(id);
    }
  }, [id]);

  const heading = <h1 class="lc-hidden">{t("nav.inbox")}</h1>;
  if (narrow.value && id === null) {
    return (
      <>
        {heading}
        <ConversationList />
      </>
    );
  }
  const tabs = opened.value.map((item) => item.id);
  const shown =
    id === null ? [] : side && tabs.includes(id) ? runOf(tabs, id, room) : [id];
  const conversation = id === null ? undefined : book.value.get(id);

  return (
    <div class={narrow.value ? "inbox narrow" : "inbox"}>
      {heading}
      {!narrow.value && <ConversationList />}
      <div class="desk">
        {!narrow.value && tabs.length > 0 && <Tabs room={room > 1} />}
        <div
          class={side ? "columns many" : "columns"}
          data-next=".active textarea, .active .ended"
        >
          {shown.length === 0 && <EmptyDesk />}
          {shown.map((one) => (
            <ThreadView
              key={one}
              id={one}
              details={details.shown && one === id}
              onDetails={details.toggle}
            />
          ))}
          {details.shown && conversation && (
            <Profile conversation={conversation} onClose={details.toggle} />
          )}
        </div>
      </div>
    </div>
  );
}
