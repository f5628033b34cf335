// Conversations that have ended.

import archive from "icon:archive";
import { useEffect } from "preact/hooks";
import { fullTime, shortTime } from "../../shared/time.ts";
import type { Conversation } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { VisitorFace } from "../parts/person.tsx";
import { Page } from "../parts/shell.tsx";
import { hrefOf } from "../router.ts";
import { duration } from "../state/clock.ts";
import {
  closedLoading,
  closedMore,
  listOf,
  loadClosed,
} from "../state/conversations.ts";
import { visitorName } from "../state/names.ts";

function HistoryRow({ of }: { of: Conversation }) {
  const ended = of.closed_at ?? of.updated_at;
  const locale = localeName();
  return (
    <tr>
      <td>
        <a
          class="cell-person"
          href={hrefOf({ name: "conversation", id: of.id })}
        >
          <VisitorFace visitor={of.visitor} size="s" />
          {visitorName(of.visitor)}
        </a>
      </td>
      <td class="cell-text">{of.last_message?.text ?? t("inbox.noMessage")}</td>
      <td>{of.operator?.name ?? "–"}</td>
      <td class="tabular">{duration(ended - of.opened_at, locale)}</td>
      <td class="tabular" title={fullTime(ended, locale)}>
        {shortTime(ended, Date.now(), locale)}
      </td>
    </tr>
  );
}

function Foot({ empty }: { empty: boolean }) {
  const loading = closedLoading.value;
  if (loading === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{t("inbox.failed")}</p>
        <button type="button" class="button" onClick={() => void loadClosed()}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (loading === "yes") {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  if (closedMore.value) {
    return (
      <button
        type="button"
        class="button more"
        onClick={() => void loadClosed()}
      >
        {t("inbox.more")}
      </button>
    );
  }
  return empty ? (
    <div class="empty">
      <Icon nodes={archive} size={28} />
      <h2>{t("inbox.emptyClosed")}</h2>
      <p>{t("inbox.emptyClosedLead")}</p>
    </div>
  ) : null;
}

export default function History() {
  const rows = listOf("closed");
  useEffect(() => {
    if (listOf("closed").length === 0) {
      void loadClosed();
    }
  }, []);
  return (
    <Page title={t("history.title")} lead={t("history.lead")}>
      {rows.length > 0 && (
        <div class="table-box">
          <table class="history">
            <thead>
              <tr>
                <th scope="col">{t("history.visitor")}</th>
                <th scope="col">{t("history.last")}</th>
                <th scope="col">{t("history.operator")}</th>
                <th scope="col">{t("history.lasted")}</th>
                <th scope="col">{t("history.ended")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((conversation) => (
                <HistoryRow key={conversation.id} of={conversation} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Foot empty={rows.length === 0} />
    </Page>
  );
}
