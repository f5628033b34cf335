// The conversations that stand open: as tabs above the thread, Alt+1 to 9.

import columns from "icon:columns-2";
import square from "icon:square";
import x from "icon:x";
import { t } from "../i18n.ts";
import { hrefOf } from "../router.ts";
import { book } from "../state/conversations.ts";
import { drafts } from "../state/drafts.ts";
import { visitorName } from "../state/names.ts";
import { active, keep, type Opened, opened, shut } from "../state/opened.ts";
import { prefs, setPrefs } from "../state/prefs.ts";
import { IconButton } from "./button.tsx";

function Tab({ item }: { item: Opened }) {
  const { id, kept } = item;
  const conversation = book.value.get(id);
  const name = conversation ? visitorName(conversation.visitor) : `#${id}`;
  const unread = conversation?.unread ?? 0;
  const classes = ["tab"];
  if (!kept && !drafts.value.has(id)) {
    classes.push("glance");
  }
  return (
    <li class={classes.join(" ")}>
      <a
        href={hrefOf({ name: "conversation", id })}
        aria-current={active.value === id ? "page" : undefined}
        onDblClick={() => keep(id)}
      >
        {unread > 0 && active.value !== id && (
          <span class="badge">
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span class="lc-hidden">{t("inbox.unread", { n: unread })}</span>
          </span>
        )}
        <span class="tab-name">{name}</span>
        {drafts.value.has(id) && <i class="tab-draft" />}
      </a>
      <IconButton
        icon={x}
        size={14}
        label={t("tabs.shut", { name })}
        onClick={() => shut(id)}
      />
    </li>
  );
}

export function Tabs({ room }: { room: boolean }) {
  const list = opened.value;
  const side = prefs.value.columns;
  return (
    <nav class="tabs" aria-label={t("tabs.title")}>
      <ul>
        {list.map((item) => (
          <Tab key={item.id} item={item} />
        ))}
      </ul>
      {room && list.length > 1 && (
        <IconButton
          icon={side ? square : columns}
          label={t(side ? "tabs.single" : "tabs.columns")}
          pressed={side}
          onClick={() => setPrefs({ columns: !side })}
        />
      )}
    </nav>
  );
}
