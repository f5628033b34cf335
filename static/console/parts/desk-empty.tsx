// What stands where a conversation would: why nothing comes, or what to do.

import coffee from "icon:coffee";
import messages from "icon:messages-square";
import moon from "icon:moon";
import type { ComponentChildren } from "preact";
import { Icon, type IconNodes } from "../../shared/ui/icon.tsx";
import { t } from "../i18n.ts";
import { chooseStatus } from "../state/actions.ts";
import { counts, openLoading } from "../state/conversations.ts";
import { keyOf } from "../state/keys.ts";
import { active } from "../state/opened.ts";
import { prefs } from "../state/prefs.ts";
import { isAdmin, me } from "../state/session.ts";

function Empty(props: {
  icon: IconNodes;
  title: string;
  lead: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty pick">
      <Icon nodes={props.icon} size={32} />
      <h2>{props.title}</h2>
      <p>{props.lead}</p>
      {props.children}
    </div>
  );
}

function Pick() {
  const keys = {
    next: keyOf("next"),
    previous: keyOf("previous"),
    open: "Enter",
  };
  const lead = prefs.value.shortcuts
    ? t("inbox.pickLead", keys)
    : t("inbox.pickPlain");
  return <Empty icon={messages} title={t("inbox.pick")} lead={lead} />;
}

/** A new account is offline: nobody should have to find out why. */
function Absent({ status }: { status: "away" | "offline" }) {
  return (
    <Empty icon={moon} title={t(`desk.${status}`)} lead={t("desk.absentLead")}>
      <button
        type="button"
        class="button primary"
        onClick={() => void chooseStatus("online")}
      >
        {t("inbox.goOnline")}
      </button>
    </Empty>
  );
}

/** Perhaps the chat is on no page yet; administrators can change that. */
function Quiet() {
  const { pathname } = new URL("../loader.js", location.href);
  return (
    <Empty icon={coffee} title={t("desk.quiet")} lead={t("desk.quietLead")}>
      {isAdmin() && (
        <p class="desk-tag">
          {t("desk.tag")}
          <code>{`<script src="${pathname}" async></script>`}</code>
        </p>
      )}
    </Empty>
  );
}

/** No conversation is open, neither on the desk nor in the list. */
export function nothingToDo(): boolean {
  return (
    active.value === null &&
    openLoading.value === "no" &&
    counts.value.open === 0
  );
}

export function EmptyDesk() {
  const status = me()?.status;
  if (!nothingToDo()) {
    return <Pick />;
  }
  return status === "away" || status === "offline" ? (
    <Absent status={status} />
  ) : (
    <Quiet />
  );
}
