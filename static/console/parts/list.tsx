// The list of conversations under its four filters.

import archive from "icon:archive";
import inbox from "icon:inbox";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { type Key, t } from "../i18n.ts";
import { go } from "../router.ts";
import {
  closedLoading,
  closedMore,
  counts,
  listOf,
  loadClosed,
  loadOpen,
  openLoading,
} from "../state/conversations.ts";
import { onAction } from "../state/keys.ts";
import { active } from "../state/opened.ts";
import { FILTERS, type Filter, prefs, setPrefs } from "../state/prefs.ts";
import { Row } from "./row.tsx";
import { VirtualList } from "./virtual.tsx";

const ROW = 64;

const EMPTY = {
  waiting: ["inbox.emptyWaiting", "inbox.emptyWaitingLead"],
  mine: ["inbox.emptyMine", "inbox.emptyMineLead"],
  open: ["inbox.emptyOpen", "inbox.emptyOpenLead"],
  closed: ["inbox.emptyClosed", "inbox.emptyClosedLead"],
} as const satisfies Record<Filter, readonly [title: Key, lead: Key]>;

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

/** Moves the focus by a step; the row may have to be scrolled to first. */
function useSteps(rows: readonly Conversation[]) {
  const [focused, setFocused] = useState(0);
  const [turn, setTurn] = useState(0);
  const wanted = useRef(0);

  const indexOf = (id: number | null) =>
    rows.findIndex((conversation) => conversation.id === id);

  const step = (by: 1 | -1) => {
    const at = indexOf(focused) >= 0 ? indexOf(focused) : indexOf(active.value);
    const to = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
    const row = rows[to];
    if (row) {
      wanted.current = row.id;
      setFocused(row.id);
      setTurn(turn + 1);
    }
  };

  useEffect(() => {
    const selector = `[data-row="${wanted.current}"]`;
    document.querySelector<HTMLElement>(selector)?.focus();
  }, [turn]);

  return { index: indexOf(focused), focused, setFocused, turn, step };
}

function useListKeys(step: (by: 1 | -1) => void, focused: number): void {
  useEffect(() => {
    const undo = [
      onAction("next", () => step(1)),
      onAction("previous", () => step(-1)),
      onAction("open", () => {
        if (focused) {
          go({ name: "conversation", id: focused });
        }
      }),
    ];
    return () => {
      for (const off of undo) {
        off();
      }
    };
  });
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
  const steps = useSteps(rows);
  useListKeys(steps.step, steps.focused);
  useEffect(() => {
    if (filter === "closed" && listOf("closed").length === 0) {
      void loadClosed();
    }
  }, [filter]);

  return (
    <section class="list" aria-label={t("inbox.list")}>
      <Filters />
      {rows.length === 0 ? (
        <Nothing filter={filter} />
      ) : (
        <VirtualList
          key={filter}
          count={rows.length}
          height={ROW}
          pinned={steps.index}
          label={t(`inbox.${filter}`)}
          keyAt={(index) => rows[index]?.id ?? -index}
          reveal={{ index: steps.index, turn: steps.turn }}
          {...(filter === "closed" ? { onEnd: () => void loadClosed() } : {})}
          footer={filter === "closed" ? <MoreClosed /> : null}
        >
          {(index) => {
            const conversation = rows[index];
            return (
              conversation && (
                <Row
                  conversation={conversation}
                  current={active.value === conversation.id}
                  onFocus={() => steps.setFocused(conversation.id)}
                />
              )
            );
          }}
        </VirtualList>
      )}
    </section>
  );
}
