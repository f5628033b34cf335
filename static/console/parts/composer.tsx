// Where a reply is written: one draft for each conversation, sent by Enter.

import arrowUp from "icon:arrow-up";
import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { sendable } from "../../shared/text.ts";
import type { Conversation } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { t } from "../i18n.ts";
import { mayAct } from "../state/actions.ts";
import { drafts, setDraft } from "../state/drafts.ts";
import { onAction } from "../state/keys.ts";
import { visitorName } from "../state/names.ts";
import { active, keep } from "../state/opened.ts";
import { sendReply } from "../state/outbox.ts";
import { tellTyping } from "../state/receipts.ts";
import { me } from "../state/session.ts";

const LONGEST = 4000;
/** From here on, what is left is shown. */
const NEAR = 3500;

/** Grows with its text, up to what the style sheet allows. */
function useGrowth(text: string) {
  const ref = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const node = ref.current;
    if (node) {
      node.style.height = "auto";
      node.style.height = `${node.scrollHeight}px`;
    }
  }, [text]);
  return ref;
}

function Left({ text }: { text: string }) {
  const length = Array.from(text).length;
  if (length < NEAR) {
    return <span class="composer-hint keys">{t("composer.hint")}</span>;
  }
  const n = LONGEST - length;
  return n >= 0 ? (
    <span class="composer-hint">{t("composer.left", { n })}</span>
  ) : (
    <span class="composer-hint bad">{t("composer.tooLong", { n: -n })}</span>
  );
}

function hintFor(conversation: Conversation): string | null {
  const { operator, state } = conversation;
  if (state === "waiting") {
    return t("composer.takes");
  }
  return operator && operator.id !== me()?.id
    ? t("composer.colleague", { name: operator.name })
    : null;
}

/** In the foremost column, `r` and an opened thread lead into the composer. */
function useFocus(ref: { current: HTMLTextAreaElement | null }, id: number) {
  useLayoutEffect(
    () =>
      onAction("reply", () => {
        if (active.value === id) {
          ref.current?.focus();
        }
      }),
    [id, ref],
  );
}

type KeyOf = TargetedKeyboardEvent<HTMLTextAreaElement>;

/** An input method's Enter takes its suggestion, and sends nothing. */
function onKey(event: KeyOf, send: () => void): void {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !composing) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    // where single keys act, and arrows scroll
    event.currentTarget
      .closest(".thread")
      ?.querySelector<HTMLElement>(".log")
      ?.focus({ preventScroll: true });
  }
}

function useDraft(id: number) {
  const text = drafts.value.get(id) ?? "";
  const ref = useGrowth(text);
  useFocus(ref, id);
  const ready = sendable(text) !== "" && Array.from(text).length <= LONGEST;
  const send = () => {
    if (ready) {
      sendReply(id, sendable(text));
      setDraft(id, "");
      tellTyping(id, false);
      keep(id);
      ref.current?.focus();
    }
  };
  return { ref, text, ready, send };
}

function Writing({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const name = visitorName(conversation.visitor);
  const { ref, text, ready, send } = useDraft(id);

  return (
    <form
      class="composer-box"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={ref}
        rows={1}
        aria-label={t("composer.label", { name })}
        placeholder={t("composer.placeholder")}
        value={text}
        enterkeyhint="send"
        dir="auto"
        onInput={(event) => {
          const written = event.currentTarget.value;
          setDraft(id, written);
          tellTyping(id, written !== "");
        }}
        onBlur={() => tellTyping(id, false)}
        onKeyDown={(event) => onKey(event, send)}
      />
      <div class="composer-foot">
        <Left text={text} />
        <button
          type="submit"
          class="send"
          aria-label={t("composer.send")}
          title={t("composer.send")}
          aria-disabled={!ready}
        >
          <Icon nodes={arrowUp} size={18} />
        </button>
      </div>
    </form>
  );
}

/** What was being written when a colleague or the end was quicker. */
function Kept({ id, text }: { id: number; text: string }) {
  return (
    <div class="kept">
      <span>{t("composer.kept")}</span>
      <p dir="auto">{text}</p>
      <button type="button" class="link" onClick={() => setDraft(id, "")}>
        {t("thread.discard")}
      </button>
    </div>
  );
}

function Over({ id, why }: { id: number; why: string | null }) {
  const text = drafts.value.get(id);
  return (
    <div class="composer ended" tabIndex={-1}>
      <p>{why}</p>
      {text && <Kept id={id} text={text} />}
    </div>
  );
}

export function Composer({ conversation }: { conversation: Conversation }) {
  if (conversation.state === "closed") {
    return <Over id={conversation.id} why={t("composer.ended")} />;
  }
  const hint = hintFor(conversation);
  if (!mayAct(conversation)) {
    return <Over id={conversation.id} why={hint} />;
  }
  return (
    <div class="composer">
      {hint && <p class="composer-note">{hint}</p>}
      <Writing conversation={conversation} />
    </div>
  );
}
