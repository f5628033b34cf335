// One conversation: its head, its messages, its composer.

import arrowDown from "icon:arrow-down";
import ban from "icon:ban";
import chevronLeft from "icon:chevron-left";
import circleCheck from "icon:circle-check-big";
import panelRight from "icon:panel-right";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Conversation, LoggedEvent } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { go } from "../router.ts";
import { closeIt, mayAct, mayTake, takeIt } from "../state/actions.ts";
import { blockIt, blockOf, liftIt, lookUp } from "../state/blocks.ts";
import { duration, now } from "../state/clock.ts";
import { book, fetchOne } from "../state/conversations.ts";
import { onAction } from "../state/keys.ts";
import { linesOf } from "../state/lines.ts";
import { invitedBy, visitorName } from "../state/names.ts";
import { active, keep } from "../state/opened.ts";
import { pendingOf } from "../state/outbox.ts";
import { markRead } from "../state/receipts.ts";
import { me } from "../state/session.ts";
import { type Thread, threadOf, typing } from "../state/threads.ts";
import { Lines } from "./bubbles.tsx";
import { IconButton } from "./button.tsx";
import { Composer } from "./composer.tsx";
import { Confirm } from "./dialog.tsx";
import { VisitorFace } from "./person.tsx";
import { useScroll } from "./scroll.ts";

function Waiting({ since }: { since: number }) {
  const time = duration(now.value - since, localeName());
  return <span class="chip waiting">{t("thread.waitingNow", { time })}</span>;
}

function Chip({ conversation }: { conversation: Conversation }) {
  const { state, opened_at, operator } = conversation;
  if (state === "waiting") {
    return <Waiting since={opened_at} />;
  }
  if (state === "closed") {
    return <span class="chip">{t("state.closed")}</span>;
  }
  return operator && operator.id !== me()?.id ? (
    <span class="chip">{t("inbox.with", { name: operator.name })}</span>
  ) : null;
}

function toggleBlock(conversation: Conversation): void {
  const block = blockOf.peek().get(conversation.visitor.id);
  void (block ? liftIt(block) : blockIt(conversation));
}

function BlockButton({ of }: { of: Conversation }) {
  const blocked = Boolean(blockOf.value.get(of.visitor.id));
  return (
    <IconButton
      icon={ban}
      label={t(blocked ? "blocks.unblock" : "blocks.block")}
      pressed={blocked}
      onClick={() => toggleBlock(of)}
    />
  );
}

interface HeadProps {
  conversation: Conversation;
  details: boolean;
  onDetails(): void;
}

function Buttons(props: HeadProps & { onEnd(): void }) {
  const { conversation, details, onDetails, onEnd } = props;
  const { state } = conversation;
  return (
    <div class="thread-actions">
      {mayTake(conversation) && (
        <button
          type="button"
          class={state === "waiting" ? "button primary" : "button"}
          onClick={() => void takeIt(conversation)}
        >
          {t(state === "waiting" ? "thread.take" : "thread.takeOver")}
        </button>
      )}
      {mayAct(conversation) && (
        <button
          type="button"
          class="button end"
          title={t("thread.end")}
          onClick={onEnd}
        >
          <Icon nodes={circleCheck} size={16} />
          <span>{t("thread.end")}</span>
        </button>
      )}
      <BlockButton of={conversation} />
      <IconButton
        icon={panelRight}
        label={t("thread.details")}
        pressed={details}
        onClick={onDetails}
      />
    </div>
  );
}

function Head({ conversation, details, onDetails }: HeadProps) {
  const [ending, setEnding] = useState(false);
  const { id, visitor, page } = conversation;
  const name = visitorName(visitor);
  useThreadKeys(id, {
    take: () => mayTake(conversation) && void takeIt(conversation),
    end: () => mayAct(conversation) && setEnding(true),
    block: () => toggleBlock(conversation),
    details: onDetails,
  });
  return (
    <header class="thread-head">
      <IconButton
        class="phone-only"
        icon={chevronLeft}
        label={t("thread.back")}
        onClick={() => go({ name: "inbox" })}
      />
      <VisitorFace visitor={visitor} />
      <div class="thread-who">
        <h2>{name}</h2>
        <p>
          {blockOf.value.get(visitor.id) && (
            <span class="chip blocked">{t("blocks.chip")}</span>
          )}
          <Chip conversation={conversation} />
          {conversation.proactive && (
            <span class="chip why" title={invitedBy(conversation) ?? ""}>
              {t("invite.proactive")}: {invitedBy(conversation)}
            </span>
          )}
          <span class="thread-page">{page?.title ?? page?.url}</span>
        </p>
      </div>
      <Buttons
        conversation={conversation}
        details={details}
        onDetails={onDetails}
        onEnd={() => setEnding(true)}
      />
      {ending && (
        <Confirm
          title={t("thread.endTitle")}
          lead={t("thread.endLead", { name })}
          action={t("thread.endConfirm")}
          danger
          onConfirm={() => void closeIt(conversation)}
          onClose={() => setEnding(false)}
        />
      )}
    </header>
  );
}

type ThreadKeys = Record<"take" | "end" | "block" | "details", () => void>;

/** Keys act on the foremost conversation, from when it is drawn as such. */
function useThreadKeys(id: number, keys: ThreadKeys): void {
  useLayoutEffect(() => {
    if (active.value !== id) {
      return;
    }
    const names = Object.keys(keys) as (keyof ThreadKeys)[];
    const undo = names.map((name) => onAction(name, keys[name]));
    return () => {
      for (const off of undo) {
        off();
      }
    };
  });
}

function Typed({ conversation }: { conversation: Conversation }) {
  const typed = typing.value.get(conversation.id);
  if (!typed) {
    return null;
  }
  if (typed.author.kind !== "visitor") {
    return typed.author.id === me()?.id ? null : (
      <li class="system">
        <span>{t("thread.typing", { name: typed.author.name ?? "" })}</span>
      </li>
    );
  }
  return (
    <li class="group theirs">
      <VisitorFace visitor={conversation.visitor} size="s" />
      <div class="group-body">
        <div class="group-head">
          <span class="group-name">
            {t("thread.typing", { name: visitorName(conversation.visitor) })}
          </span>
        </div>
        <div class="bubble preview" dir="auto">
          {typed.text || "…"}
        </div>
      </div>
    </li>
  );
}

/** The first message that nobody had read when the thread was opened. */
function useFirstUnread(thread: Thread, conversation: Conversation) {
  const mark = useRef(
    conversation.unread > 0 ? conversation.operator_read : null,
  );
  const after = mark.current;
  if (after === null) {
    return null;
  }
  const found = thread.events.value.find(
    ({ id, type, author }) =>
      id > after && type === "message" && author.kind === "visitor",
  );
  return found?.id ?? null;
}

/** What decides where the thread is scrolled to. */
function shapeOf(
  { id }: Conversation,
  events: readonly LoggedEvent[],
  pending: number,
) {
  const self = me()?.id;
  const own = events.filter(
    ({ author }) => author.kind === "operator" && author.id === self,
  );
  return {
    id,
    first: events[0]?.id ?? 0,
    messages: events.length,
    own: own.length + pending,
    typing: typing.value.has(id),
  };
}

function Older({ thread }: { thread: Thread }) {
  if (!thread.more.value) {
    return null;
  }
  return (
    <button type="button" class="link more" onClick={() => void thread.older()}>
      {t(thread.loadingOlder.value ? "loading" : "thread.older")}
    </button>
  );
}

function ToEnd({ fresh, onClick }: { fresh: number; onClick(): void }) {
  return (
    <button type="button" class="to-end" onClick={onClick}>
      <Icon nodes={arrowDown} size={16} />
      {fresh > 0 ? t("thread.new", { n: fresh }) : t("thread.latest")}
    </button>
  );
}

function Log({ thread, of }: { thread: Thread; of: Conversation }) {
  const self = me();
  const events = thread.events.value;
  const pending = pendingOf(of.id);
  const firstUnread = useFirstUnread(thread, of);
  const lines = linesOf(
    events,
    pending,
    { kind: "operator", id: self?.id ?? 0, name: self?.name ?? "" },
    firstUnread,
  );
  const shape = shapeOf(of, events, pending.length);
  const scroll = useScroll(shape, () => void thread.older());
  useReading(of, scroll.atEnd && thread.state.value === "ready");

  return (
    <div class="log-box">
      <section
        class="log"
        ref={scroll.ref}
        onScroll={scroll.onScroll}
        aria-label={t("thread.log")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
        tabIndex={0}
      >
        <Older thread={thread} />
        <ol>
          <Lines lines={lines} of={of} />
          <Typed conversation={of} />
        </ol>
      </section>
      {!scroll.atEnd && <ToEnd fresh={scroll.fresh} onClick={scroll.toEnd} />}
    </div>
  );
}

/** What stands in view, in a page that is looked at, is read. */
function useReading(of: Conversation, seen: boolean): void {
  const { id, unread, last_event } = of;
  useEffect(() => {
    if (!seen) {
      return;
    }
    const read = () => markRead(id);
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [seen, id, unread, last_event]);
}

function Missing({ thread }: { thread: Thread }) {
  const failed = thread.state.value === "failed";
  return (
    <div class="empty" role="alert">
      <p>{t(failed ? "thread.failed" : "thread.missing")}</p>
      {failed && (
        <button
          type="button"
          class="button"
          onClick={() => {
            void thread.load();
            void fetchOne(thread.id).catch(() => undefined);
          }}
        >
          {t("retry")}
        </button>
      )}
    </div>
  );
}

interface Props {
  id: number;
  details: boolean;
  onDetails(): void;
}

export function ThreadView({ id, details, onDetails }: Props) {
  const thread = threadOf(id);
  const conversation = book.value.get(id);
  useEffect(() => {
    if (!book.peek().has(id)) {
      fetchOne(id).catch(() => undefined);
    }
  }, [id]);

  const visitor = conversation?.visitor.id;
  useEffect(() => {
    if (visitor !== undefined) {
      void lookUp(visitor);
    }
  }, [visitor]);

  const state = thread.state.value;
  if (state === "failed" || state === "missing") {
    return <Missing thread={thread} />;
  }
  if (!conversation) {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  const name = visitorName(conversation.visitor);
  return (
    <section
      class={active.value === id ? "thread active" : "thread"}
      aria-label={t("thread.title", { name })}
      data-next="textarea, .ended"
      onFocusCapture={() => {
        if (active.value !== id) {
          go({ name: "conversation", id }, "replace");
        }
      }}
      onDblClick={() => keep(id)}
    >
      <Head
        conversation={conversation}
        details={details}
        onDetails={onDetails}
      />
      <Log thread={thread} of={conversation} />
      <Composer conversation={conversation} />
    </section>
  );
}
