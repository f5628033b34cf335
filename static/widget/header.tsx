import closeIcon from "icon:chevron-down";
import chatIcon from "icon:message-circle";
import { useState } from "preact/hooks";
import { Avatar } from "../shared/ui/avatar.tsx";
import { Icon } from "../shared/ui/icon.tsx";
import { type Panel, usePanel } from "./context.ts";

/** Who answers, and the ways out. */
export function Header() {
  const { store, t, close } = usePanel();
  const chat = store.chat.value;
  const face = chat?.brand.avatar;
  const [broken, setBroken] = useState("");
  const operator = store.isOpen.value ? chat?.conversation?.operator : null;

  return (
    <header class="header">
      {operator ? (
        <Avatar name={operator.name} />
      ) : face && face !== broken ? (
        <img class="face" src={face} alt="" onError={() => setBroken(face)} />
      ) : (
        <span class="lc-avatar lc-avatar-m">
          <Icon nodes={chatIcon} />
        </span>
      )}
      <div class="who">
        <h2>{chat?.texts.title || t("title")}</h2>
        <Status />
      </div>
      {store.isOpen.value && (
        <button
          type="button"
          class="end"
          onClick={() => {
            store.confirmingEnd.value = true;
          }}
        >
          {t("end")}
        </button>
      )}
      <button
        type="button"
        class="round"
        aria-label={t("close")}
        onClick={close}
      >
        <Icon nodes={closeIcon} size={24} />
      </button>
    </header>
  );
}

function Status() {
  const panel = usePanel();
  const chat = panel.store.chat.value;

  if (panel.store.refused.value) {
    return null;
  }

  // its room is there before its words, so that the title stays where it is
  if (!chat) {
    return <p class="status unknown">{"\u00a0"}</p>;
  }

  return (
    <p class={chat.available ? "status here" : "status"}>
      <span>{statusText(panel)}</span>
    </p>
  );
}

function statusText({ store, t }: Panel): string {
  const chat = store.chat.value;
  const conversation = store.isOpen.value ? chat?.conversation : undefined;

  if (conversation?.operator) {
    return t(chat?.available ? "withOperator" : "withAbsent", {
      name: conversation.operator.name,
    });
  }

  if (!chat?.available) {
    return t("away");
  }

  return conversation ? t("waiting") : t("online");
}
