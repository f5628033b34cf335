// What is known of the visitor and the conversation.

import badgeCheck from "icon:badge-check";
import externalLink from "icon:external-link";
import x from "icon:x";
import { useEffect } from "preact/hooks";
import { dateTime } from "../../shared/time.ts";
import type { Conversation, Page } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { duration, now } from "../state/clock.ts";
import { invitedBy, visitorName } from "../state/names.ts";
import {
  loadVisits,
  pageName,
  visitIn,
  visitsLoading,
} from "../state/visits.ts";
import { Address, hasAddress } from "./address.tsx";
import { IconButton } from "./button.tsx";
import { Earlier } from "./earlier.tsx";
import { Fact } from "./fact.tsx";
import { VisitorFace } from "./person.tsx";

/** A visitor's page says what its address is, so it is not trusted. */
export function safeUrl(text: string): URL | null {
  try {
    const url = new URL(text);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function PageLink({ page }: { page: Page }) {
  const url = safeUrl(page.url);
  const title = page.title || url?.pathname || page.url;
  if (!url) {
    return <span>{title}</span>;
  }
  return (
    <a
      class="page-link"
      href={url.href}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      title={url.href}
    >
      <span class="page-title">
        {title} <Icon nodes={externalLink} size={12} />
      </span>
      <span class="page-url">
        {url.host}
        {url.pathname}
      </span>
    </a>
  );
}

function languageName(tag: string): string {
  try {
    const names = new Intl.DisplayNames([localeName()], { type: "language" });
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function Waited({ since }: { since: number }) {
  return (
    <Fact name={t("profile.waited")}>
      <span class="tabular">{duration(now.value - since, localeName())}</span>
    </Fact>
  );
}

/** What the site has signed, apart from what anybody may say. */
function Proved({ user }: { user: Conversation["visitor"]["user"] }) {
  return user ? (
    <Fact name={t("profile.user")}>
      {user.name} {user.email}{" "}
      <span class="proved">
        <Icon nodes={badgeCheck} size={14} /> {t("profile.verified")}
      </span>{" "}
      <small class="muted">{user.id}</small>
    </Fact>
  ) : null;
}

function Said({ visitor }: { visitor: Conversation["visitor"] }) {
  const { name, email, user } = visitor;
  const news = name !== (user?.name ?? null) || email !== (user?.email ?? null);
  return (name || email) && news ? (
    <Fact name={t("profile.says")}>
      {name} {email} <small class="muted">{t("profile.unverified")}</small>
    </Fact>
  ) : null;
}

interface Props {
  conversation: Conversation;
  onClose(): void;
}

export function Profile({ conversation, onClose }: Props) {
  const { visitor, operator, page, locale, state } = conversation;
  const visit = visitIn(conversation.id);
  const by = invitedBy(conversation);
  useEffect(() => {
    if (visitsLoading.value === "no") {
      void loadVisits();
    }
  }, []);
  const at = (time: number) => dateTime(time, localeName());
  return (
    <aside class="profile" aria-label={t("profile.title")}>
      <header class="profile-head">
        <h2>{t("profile.title")}</h2>
        <IconButton icon={x} label={t("close")} onClick={onClose} />
      </header>
      <div class="profile-who">
        <VisitorFace visitor={visitor} />
        <strong>{visitorName(visitor)}</strong>
        <span class={`chip ${state}`}>{t(`state.${state}`)}</span>
      </div>
      <dl>
        <Proved user={visitor.user} />
        <Said visitor={visitor} />
        {visitor.form.map(({ type, label, value }) => (
          <Fact
            key={label + value}
            name={label || (type === "phone" ? t("form.type.phone") : "")}
          >
            <span class="answer" dir="auto">
              {value}
            </span>
          </Fact>
        ))}
        {visitor.facts.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value} <small class="muted">{t("profile.unverified")}</small>
          </Fact>
        ))}
        <Fact name={t("profile.page")}>
          {page ? <PageLink page={page} /> : t("profile.unknown")}
        </Fact>
        {visit && (
          <Fact name={t("visitors.now")}>
            <span title={visit.page}>{pageName(visit)}</span>
          </Fact>
        )}
        {hasAddress(visit) && (
          <Fact name={t("visitors.address")}>
            <Address visit={visit} />
          </Fact>
        )}
        <Fact name={t("profile.locale")}>
          {locale ? languageName(locale) : t("profile.unknown")}
        </Fact>
        <Fact name={t("profile.operator")}>
          {operator?.name ?? t("profile.nobody")}
        </Fact>
        {by && <Fact name={t("invite.by")}>{by}</Fact>}
        {state === "waiting" && <Waited since={conversation.opened_at} />}
        <Fact name={t("profile.opened")}>{at(conversation.opened_at)}</Fact>
        {conversation.closed_at !== null && (
          <Fact name={t("profile.closed")}>{at(conversation.closed_at)}</Fact>
        )}
        <Fact name={t("profile.conversation")}>
          <span class="tabular">#{conversation.id}</span>
        </Fact>
        <Fact name={t("profile.visitor")}>
          <span class="tabular">#{visitor.id}</span>
        </Fact>
      </dl>
      <Earlier conversation={conversation} />
    </aside>
  );
}
