// Who is on the site now, as it changes.

import ban from "icon:ban";
import footprints from "icon:footprints";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Visit } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { hasAddress } from "../parts/address.tsx";
import { IconButton } from "../parts/button.tsx";
import { Page } from "../parts/shell.tsx";
import { amountOf, VisitDialog, whoIs } from "../parts/visit.tsx";
import { blockAddress, blockTalk } from "../state/blocks.ts";
import { duration, now } from "../state/clock.ts";
import {
  isIdle,
  loadVisits,
  onSite,
  pageName,
  visitOf,
  visitsLoading,
} from "../state/visits.ts";

const shown = signal<string | null>(null);

function since(at: number): string {
  return duration(now.value - at, localeName());
}

/** Who talks is blocked alone; of who does not, only the network is known. */
function BlockVisit({ of }: { of: Visit }) {
  const { conversation } = of;
  const name = whoIs(of);
  if (conversation !== undefined) {
    return (
      <IconButton
        icon={ban}
        label={t("blocks.address", { name })}
        onClick={() => void blockTalk(conversation)}
      />
    );
  }
  return hasAddress(of) ? (
    <IconButton
      icon={ban}
      label={t("blocks.networkOf", { name })}
      onClick={() => void blockAddress(of)}
    />
  ) : null;
}

function VisitRow({ of }: { of: Visit }) {
  const idle = isIdle(of);
  return (
    <tr class={idle ? "off" : undefined}>
      <td>
        <button
          type="button"
          class="cell-person"
          data-visit={of.id}
          onClick={() => {
            shown.value = of.id;
          }}
        >
          <i class={`dot ${idle ? "away" : "online"}`} />
          <span>
            {whoIs(of)}
            <small>
              {of.conversation
                ? t("visitors.talks")
                : of.invited
                  ? t("invite.chip")
                  : t(`visitors.segment.${of.segment}`)}
            </small>
          </span>
        </button>
      </td>
      <td class="cell-text" title={of.page}>
        {pageName(of)}
        {of.status >= 400 && <b class="chip bad">{of.status}</b>}
      </td>
      <td class="tabular">{since(of.started_at)}</td>
      <td class="cell-fit">{of.referrer ?? t("visitors.direct")}</td>
      <td class="cell-fit">{of.country ?? "–"}</td>
      <td class="tabular">{of.visits ?? "–"}</td>
      <td class={of.cart ? "tabular cell-cart" : "tabular"}>
        {of.cart ? amountOf(of.cart) : "–"}
      </td>
      <td class="cell-end">
        <BlockVisit of={of} />
      </td>
    </tr>
  );
}

function Foot({ empty }: { empty: boolean }) {
  const loading = visitsLoading.value;
  if (loading === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{t("visitors.failed")}</p>
        <button type="button" class="button" onClick={() => void loadVisits()}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (empty && loading !== "done") {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  return empty ? (
    <div class="empty">
      <Icon nodes={footprints} size={28} />
      <h2>{t("visitors.empty")}</h2>
      <p>{t("visitors.emptyLead")}</p>
    </div>
  ) : null;
}

export default function Visitors() {
  const rows = onSite();
  const known = visitsLoading.value === "done" || rows.length > 0;
  const one = shown.value === null ? undefined : visitOf(shown.value);
  useEffect(() => {
    void loadVisits();
  }, []);
  return (
    <Page
      title={t("visitors.title")}
      {...(known && { lead: t("visitors.lead", { n: rows.length }) })}
    >
      {rows.length > 0 && (
        <div class="table-box">
          <table class="visitors">
            <thead>
              <tr>
                <th scope="col">{t("visitors.who")}</th>
                <th scope="col">{t("visitors.page")}</th>
                <th scope="col">{t("visitors.since")}</th>
                <th scope="col">{t("visitors.from")}</th>
                <th scope="col">{t("visitors.place")}</th>
                <th scope="col">{t("visitors.visits")}</th>
                <th scope="col">{t("visitors.cart")}</th>
                <th scope="col">
                  <span class="lc-hidden">{t("blocks.add")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((visit) => (
                <VisitRow key={visit.id} of={visit} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Foot empty={rows.length === 0} />
      {one && (
        <VisitDialog
          visit={one}
          onClose={() => {
            shown.value = null;
          }}
        />
      )}
    </Page>
  );
}
