// The list of conversations under its four filters.

import archive from "icon:archive";
import inbox from "icon:inbox";
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import type { Conversation } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { type Key, t } from "../i18n.ts";
import { go } from "../router.ts";
import { chooseStatus } from "../state/actions.ts";
import {
  closedLoading,
  closedMore,
  counts,
  listOf,
  loadClosed,
  loadOpen,
  openLoading,
} from "../state/conversations.ts";
import { focused } from "../state/cursor.ts";
import { onAction } from "../state/keys.ts";
import { active } from "../state/opened.ts";
import { FILTERS, type Filter, prefs, setPrefs } from "../state/prefs.ts";
import { me } from "../state/session.ts";
import { nothingToDo } from "./desk-empty.tsx";
import { narrow } from "./media.ts";
import { rowOf } from "./row.tsx";
import { VirtualList } from "./virtual.tsx";

const ROW = 64;

const EMPTY = {
  waiting: ["inbox.emptyWaiting", "inbox.emptyWaitingLead"],
  mine: ["inbox.emptyMine", "inbox.emptyMineLead"],
  open: ["inbox.emptyOpen", "inbox.emptyOpenLead"],
  closed: ["inbox.emptyClosed", "inbox.emptyClosedLead"],
} as const satisfies Record<Filter, readonly [title: Key, lead: Key]>;

/**
 * Whoever forgets to be online wonders why visitors find nobody there. An
 * empty desk beside the list says it itself.
 */
function Absent() {
  const status = me()?.status;
  const said = !narrow.value && nothingToDo();
  if (said || (status !== "away" && status !== "offline")) {
    return null;
  }
  return (
    <div class="absent">
      <span>{t(`inbox.absent.${status}`)}</span>
      <button
        type="button"
        class="button"
        onClick={() => void chooseStatus("online")}
      >
        {t("inbox.goOnline")}
      </button>
    </div>
  );
}

function Filters() {
  const chosen = prefs.value.filter;
  const numbers = counts.value;
  return (
    <fieldset class="filters">
      <legend class="lc-hidden">{t("inbox.list")}</legend>
      {FILTERS.map((filter) => {
        const n = filter === "closed" ? 0 : numbers[filter];
        return (
          <button
            key={filter}
            type="button"
            class={filter === "waiting" && n > 0 ? "filter calls" : "filter"}
            aria-pressed={chosen === filter}
            onClick={() => setPrefs({ filter })}
          >
            {t(`inbox.${filter}`)}
            {n > 0 && <span class="count">{n}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}

function Nothing({ filter }: { filter: Filter }) {
  const loading = filter === "closed" ? closedLoading.value : openLoading.value;
  if (loading === "failed") {
    const again = filter === "closed" ? loadClosed : loadOpen;
    return (
      <div class="empty" role="alert">
        <p>{t("inbox.failed")}</p>
        <button type="button" class="button" onClick={() => void again()}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (loading === "yes") {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  const [title, lead] = EMPTY[filter];
  return (
    <div class="empty">
      <Icon nodes={filter === "closed" ? archive : inbox} size={28} />
      <h2>{t(title)}</h2>
      <p>{t(lead)}</p>
    </div>
  );
}

/** Grows with each step, so that the list brings the row into view. */
const turn = signal(0);

function indexOf(rows: readonly Conversation[], id: number | null): number {
  return rows.findIndex((conversation) => conversation.id === id);
}

function focusRow(): void {
  const selector = `[data-row="${focused.value}"]`;
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** Moves the focus by a step; a row out of view first has to be made. */
function step(by: 1 | -1): void {
  const rows = listOf(prefs.value.filter);
  const own = indexOf(rows, focused.value);
  const from = own >= 0 ? own : indexOf(rows, active.value);
  const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by));
  const row = rows[to];
  if (row) {
    focused.value = row.id;
    turn.value += 1;
    focusRow();
  }
}

/** From when the list is drawn: a key that comes at once is not lost. */
function useListKeys(): void {
  useLayoutEffect(() => {
    const undo = [
      onAction("next", () => step(1)),
      onAction("previous", () => step(-1)),
      onAction("open", () => {
        if (focused.value) {
          go({ name: "conversation", id: focused.value });
        }
      }),
    ];
    return () => {
      for (const off of undo) {
        off();
      }
    };
  }, []);
  useEffect(() => {
    if (turn.value > 0) {
      focusRow();
    }
  }, [turn.value]);
}

function MoreClosed() {
  if (!closedMore.value) {
    return null;
  }
  return (
    <button
      type="button"
      class="link more"
      disabled={closedLoading.value === "yes"}
      onClick={() => void loadClosed()}
    >
      {t(closedLoading.value === "yes" ? "loading" : "inbox.more")}
    </button>
  );
}

export function ConversationList() {
  const { filter } = prefs.value;
  const rows = listOf(filter);
  const index = indexOf(rows, focused.value);
  useListKeys();
  useEffect(() => {
    if (filter === "closed" && listOf("closed").length === 0) {
      void loadClosed();
    }
  }, [filter]);

  return (
    <section class="list" aria-label={t("inbox.list")}>
      <Absent />
      <Filters />
      {rows.length === 0 ? (
        <Nothing filter={filter} />
      ) : (
        <VirtualList
          key={filter}
          count={rows.length}
          height={ROW}
          pinned={index}
          label={t(`inbox.${filter}`)}
          keyAt={(at) => rows[at]?.id ?? -at}
          reveal={{ index, turn: turn.value }}
          {...(filter === "closed" ? { onEnd: () => void loadClosed() } : {})}
          footer={filter === "closed" ? <MoreClosed /> : null}
        >
          {(at) => {
            const conversation = rows[at];
            return (
              conversation &&
              rowOf(conversation, active.value === conversation.id)
            );
          }}
        </VirtualList>
      )}
    </section>
  );
}
