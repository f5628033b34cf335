// A visitor of the site: what is known, the pages of this visit, and earlier
// visits.

import { useEffect, useState } from "preact/hooks";
import { fullTime, shortTime } from "../../shared/time.ts";
import type {
  Cart,
  PastVisit,
  Visit,
  VisitDetail,
} from "../../shared/types.ts";
import { localeName, t } from "../i18n.ts";
import { hrefOf } from "../router.ts";
import { api } from "../state/api.ts";
import { blockTalk } from "../state/blocks.ts";
import { duration, now } from "../state/clock.ts";
import { pageName, readable } from "../state/visits.ts";
import { Address, hasAddress } from "./address.tsx";
import { Dialog } from "./dialog.tsx";
import { Fact } from "./fact.tsx";
import { InviteForm } from "./invite-form.tsx";

export function whoIs(visit: Visit): string {
  return (
    visit.user?.name ??
    visit.user?.id ??
    t("visitors.nobody", { id: visit.id.slice(-4) })
  );
}

export function amountOf(cart: Omit<Cart, "items">): string {
  try {
    return new Intl.NumberFormat(localeName(), {
      style: "currency",
      currency: cart.currency,
    }).format(Number(cart.amount));
  } catch {
    return `${cart.amount} ${cart.currency}`;
  }
}

function Talk({ id, onClose }: { id: number; onClose(): void }) {
  const block = () => {
    onClose();
    void blockTalk(id);
  };
  return (
    <div class="dialog-foot">
      <button type="button" class="button" onClick={block}>
        {t("blocks.block")}
      </button>
      <a
        class="button primary"
        href={hrefOf({ name: "conversation", id })}
        onClick={onClose}
      >
        {t("visitors.open")}
      </a>
    </div>
  );
}

interface Props {
  visit: Visit;
  onClose(): void;
}

function Known({ visit, onClose }: Props) {
  const { user, cart, order, referrer, country, language, facts } = visit;
  return (
    <dl class="visit-facts">
      {user?.email && <Fact name={t("visitors.email")}>{user.email}</Fact>}
      {cart && (
        <Fact name={t("visitors.cart")}>
          {amountOf(cart)} · {t("visitors.items", { n: cart.items })}
        </Fact>
      )}
      {order && <Fact name={t("visitors.order")}>{order.id}</Fact>}
      <Fact name={t("visitors.from")}>{referrer ?? t("visitors.direct")}</Fact>
      {country && <Fact name={t("visitors.place")}>{country}</Fact>}
      {language && <Fact name={t("visitors.language")}>{language}</Fact>}
      <Fact name={t("visitors.browser")}>
        {visit.browser} · {visit.system}
      </Fact>
      {hasAddress(visit) && (
        <Fact name={t("visitors.address")}>
          <Address visit={visit} onDone={onClose} />
        </Fact>
      )}
      {facts?.map(({ name, value }) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </dl>
  );
}

function Path({ detail }: { detail: VisitDetail }) {
  const pages = detail.visit?.pages ?? [];
  return (
    <ol class="visit-path">
      {pages.map(({ at, page }, index) => {
        const next = pages[index + 1]?.at ?? now.value;
        return (
          <li key={`${at}${page}`}>
            <span class="visit-page">{readable(page)}</span>
            <small class="tabular">{duration(next - at, localeName())}</small>
          </li>
        );
      })}
    </ol>
  );
}

/** The visit that is under way is among those that are kept. */
function earlier(detail: VisitDetail): PastVisit[] {
  const since = detail.visit?.started_at ?? Number.POSITIVE_INFINITY;
  return detail.history.filter(({ seen_at }) => seen_at < since);
}

function Earlier({ visits }: { visits: PastVisit[] }) {
  const locale = localeName();
  return (
    <ul class="visit-path">
      {visits.map(({ started_at, views, entry }) => (
        <li key={started_at}>
          <span class="visit-page">{readable(entry)}</span>
          <small title={fullTime(started_at, locale)}>
            {shortTime(started_at, now.value, locale)} ·{" "}
            {t("visitors.pages", { n: views })}
          </small>
        </li>
      ))}
    </ul>
  );
}

/** The pages change with the visit; what was is asked for again then. */
function useDetail(visit: Visit): VisitDetail | null {
  const [detail, setDetail] = useState<VisitDetail | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    api
      .visit(visit.id, stop.signal)
      .then(setDetail)
      .catch(() => undefined);
    return () => stop.abort();
  }, [visit.id, visit.views]);
  return detail;
}

export function VisitDialog({ visit, onClose }: Props) {
  const detail = useDetail(visit);
  const past = detail ? earlier(detail) : [];
  return (
    <Dialog title={whoIs(visit)} lead={pageName(visit)} onClose={onClose}>
      <div class="visit">
        <Known visit={visit} onClose={onClose} />
        <h3>{t("visitors.path")}</h3>
        {detail ? <Path detail={detail} /> : <p>{t("loading")}</p>}
        {past.length > 0 && (
          <>
            <h3>{t("visitors.earlier")}</h3>
            <Earlier visits={past} />
          </>
        )}
        {visit.conversation !== undefined && (
          <Talk id={visit.conversation} onClose={onClose} />
        )}
        {visit.conversation === undefined && !visit.invited && (
          <InviteForm visit={visit} onDone={onClose} />
        )}
      </div>
    </Dialog>
  );
}
