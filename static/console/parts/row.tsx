// A conversation in the list.

import type { VNode } from "preact";
import type { Conversation } from "../../shared/types.ts";
import { localeName, t } from "../i18n.ts";
import { hrefOf } from "../router.ts";
import { duration, now } from "../state/clock.ts";
import { focused } from "../state/cursor.ts";
import { drafts } from "../state/drafts.ts";
import { listTime, visitorName } from "../state/names.ts";
import { me } from "../state/session.ts";
import { typing } from "../state/threads.ts";
import { VisitorFace } from "./person.tsx";

/** A visitor who waits longer than this is shown as urgent. */
const URGENT_MS = 60_000;

function snippetOf(conversation: Conversation): string {
  const last = conversation.last_message;
  if (!last) {
    return t("inbox.noMessage");
  }
  const mine = conversation.operator?.id === me()?.id;
  const from =
    last.author === "operator"
      ? `${t(mine ? "inbox.you" : "inbox.team")} `
      : "";
  return from + last.text;
}

function Snippet({ conversation }: { conversation: Conversation }) {
  const typed = typing.value.get(conversation.id);
  if (typed?.author.kind === "visitor") {
    return <span class="row-text typing">{t("inbox.typing")}</span>;
  }
  const draft = drafts.value.get(conversation.id);
  if (draft) {
    return (
      <span class="row-text">
        <b class="draft">{t("inbox.draft")}</b> {draft}
      </span>
    );
  }
  return <span class="row-text">{snippetOf(conversation)}</span>;
}

/** Ticks by itself, so that the row need not. */
function Since({ conversation }: { conversation: Conversation }) {
  const { state, opened_at, updated_at, last_message } = conversation;
  if (state !== "waiting") {
    const at = last_message?.at ?? updated_at;
    return <span class="row-time">{listTime(at)}</span>;
  }
  const waited = now.value - opened_at;
  const time = duration(waited, localeName());
  return (
    <span class={waited > URGENT_MS ? "row-time urgent" : "row-time waits"}>
      <span class="lc-hidden">{t("inbox.waits", { time })}</span>
      <span aria-hidden="true">{time}</span>
    </span>
  );
}

function Badge({ conversation }: { conversation: Conversation }) {
  const { unread, operator } = conversation;
  const foreign = operator && operator.id !== me()?.id;
  if (unread > 0) {
    return (
      <span class={foreign ? "badge quiet" : "badge"}>
        <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
        <span class="lc-hidden">{t("inbox.unread", { n: unread })}</span>
      </span>
    );
  }
  if (foreign) {
    return (
      <span class="row-holder">
        <span class="lc-hidden">
          {t("inbox.with", { name: operator.name })}
        </span>
        <span aria-hidden="true">{operator.name.split(" ")[0]}</span>
      </span>
    );
  }
  return null;
}

interface Props {
  conversation: Conversation;
  current: boolean;
}

type Made = Partial<Record<"current" | "other", VNode>>;

const made = new WeakMap<Conversation, Made>();

/** The same node for the same row: scrolling then renders only new rows. */
export function rowOf(conversation: Conversation, current: boolean): VNode {
  const nodes = made.get(conversation) ?? {};
  const name = current ? "current" : "other";
  const node = nodes[name] ?? (
    <Row conversation={conversation} current={current} />
  );
  nodes[name] = node;
  made.set(conversation, nodes);
  return node;
}

function Row({ conversation, current }: Props) {
  const unread = conversation.unread > 0;
  return (
    <a
      class={`row ${unread ? "unread" : ""}`}
      href={hrefOf({ name: "conversation", id: conversation.id })}
      aria-current={current ? "true" : undefined}
      data-row={conversation.id}
      onFocus={() => {
        focused.value = conversation.id;
      }}
    >
      <VisitorFace visitor={conversation.visitor} />
      <span class="row-body">
        <span class="row-line">
          <span class="row-name">{visitorName(conversation.visitor)}</span>
          <Since conversation={conversation} />
        </span>
        <span class="row-line">
          <Snippet conversation={conversation} />
          <Badge conversation={conversation} />
        </span>
      </span>
    </a>
  );
}
