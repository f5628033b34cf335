// The lines of a thread.

import circleAlert from "icon:circle-alert";
import type { ComponentChildren } from "preact";
import { textNodes } from "../../shared/text.ts";
import { clock, dayName, fullTime } from "../../shared/time.ts";
import type { Conversation, LoggedEvent } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { mayAct } from "../state/actions.ts";
import { now } from "../state/clock.ts";
import type { Bubble, Line, Pending } from "../state/lines.ts";
import { authorName } from "../state/names.ts";
import { discardReply, retryReply } from "../state/outbox.ts";
import { me } from "../state/session.ts";
import { VisitorFace } from "./person.tsx";

function systemText(event: LoggedEvent, of: Conversation): string {
  const name = authorName(event.author, of);
  if (event.type === "assigned") {
    const { operator } = event.data;
    if (!operator) {
      return t("thread.requeued");
    }
    return event.author.id === operator.id
      ? t("thread.took", { name: operator.name })
      : t("thread.assigned", { name: operator.name });
  }
  if (event.type === "state" && event.data.state === "closed") {
    return event.author.kind === "system"
      ? t("thread.closedSystem")
      : t("thread.closed", { name });
  }
  return event.author.kind === "visitor"
    ? t("thread.opened", { name })
    : t("thread.requeued");
}

function failureText(problem: string | null, of: Conversation): string {
  switch (problem) {
    case "urn:ngx-chat:conversation-taken":
      return of.operator && of.operator.id !== me()?.id
        ? t("error.taken", { name: of.operator.name })
        : t("error.takenSomeone");
    case "urn:ngx-chat:conversation-closed":
      return t("error.ended");
    default:
      return t("thread.notSent");
  }
}

/** Where the operator may not speak, another try would be refused as well. */
function Failed({ pending, of }: { pending: Pending; of: Conversation }) {
  return (
    <div class="bubble-failed">
      <Icon nodes={circleAlert} size={14} />
      <span>{failureText(pending.problem, of)}</span>
      {mayAct(of) && (
        <button
          type="button"
          class="link"
          onClick={() => retryReply(pending.clientId)}
        >
          {t("thread.again")}
        </button>
      )}
      <button
        type="button"
        class="link"
        onClick={() => discardReply(pending.clientId)}
      >
        {t("thread.discard")}
      </button>
    </div>
  );
}

function stateOf(bubble: Bubble, of: Conversation): string {
  if (bubble.pending) {
    return t(bubble.pending.delayed ? "thread.queued" : "thread.sending");
  }
  const read = bubble.id !== null && of.visitor_read >= bubble.id;
  return t(read ? "thread.read" : "thread.sent");
}

function Said(props: { bubble: Bubble; of: Conversation; status: boolean }) {
  const { bubble, of, status } = props;
  const { pending } = bubble;
  const locale = localeName();
  return (
    <div class="said">
      <div
        class={pending ? "bubble pending" : "bubble"}
        title={fullTime(bubble.at, locale)}
        dir="auto"
      >
        {textNodes(bubble.text)}
      </div>
      {pending?.failed ? (
        <Failed pending={pending} of={of} />
      ) : (
        (status || pending) && (
          <span class="bubble-state">{stateOf(bubble, of)}</span>
        )
      )}
    </div>
  );
}

interface GroupProps {
  line: Extract<Line, { kind: "group" }>;
  of: Conversation;
  /** the newest message of the team, which shows whether it was read */
  lastOwn: string | null;
}

function Group({ line, of, lastOwn }: GroupProps) {
  const { author, bubbles } = line;
  const visitor = author.kind === "visitor";
  const own = author.kind === "operator" && author.id === me()?.id;
  const first = bubbles[0];
  return (
    <li class={`group ${visitor ? "theirs" : own ? "ours" : "ours colleague"}`}>
      {visitor && <VisitorFace visitor={of.visitor} size="s" />}
      <div class="group-body">
        <div class="group-head">
          {!own && <span class="group-name">{authorName(author, of)}</span>}
          {first && (
            <time dateTime={new Date(first.at).toISOString()}>
              {clock(first.at, localeName())}
            </time>
          )}
        </div>
        {bubbles.map((bubble) => (
          <Said
            key={bubble.key}
            bubble={bubble}
            of={of}
            status={bubble.key === lastOwn}
          />
        ))}
      </div>
    </li>
  );
}

function Rule(props: { class: string; children: ComponentChildren }) {
  return (
    <li class={props.class}>
      <span>{props.children}</span>
    </li>
  );
}

/** After an answer, whether the question was read goes without saying. */
function lastOwnKey(lines: readonly Line[]): string | null {
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i];
    if (line?.kind === "group") {
      return line.author.kind === "operator"
        ? (line.bubbles[line.bubbles.length - 1]?.key ?? null)
        : null;
    }
  }
  return null;
}

interface LineProps {
  line: Line;
  of: Conversation;
  lastOwn: string | null;
}

function LineView({ line, of, lastOwn }: LineProps) {
  switch (line.kind) {
    case "day":
      return (
        <Rule class="day">{dayName(line.at, now.peek(), localeName())}</Rule>
      );
    case "unread":
      return <Rule class="unread-line">{t("thread.newLine")}</Rule>;
    case "system":
      return (
        <Rule class="system">
          {systemText(line.event, of)} · {clock(line.event.at, localeName())}
        </Rule>
      );
    case "group":
      return <Group line={line} of={of} lastOwn={lastOwn} />;
  }
}

export function Lines(props: { lines: readonly Line[]; of: Conversation }) {
  const { lines, of } = props;
  const lastOwn = lastOwnKey(lines);
  return lines.map((line) => (
    <LineView key={line.key} line={line} of={of} lastOwn={lastOwn} />
  ));
}
