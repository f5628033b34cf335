import downIcon from "icon:arrow-down";
import helloIcon from "icon:message-circle-heart";
import { useComputed } from "@preact/signals";
import { Icon } from "../shared/ui/icon.tsx";
import { DayLine, GroupView, Notice } from "./bubbles.tsx";
import { usePanel } from "./context.ts";
import { buildItems, type Item } from "./items.ts";
import { useLogScroll } from "./scroll.ts";
import { Typing } from "./typing-row.tsx";

/** Everything that was said, the newest at the end. It is not live: what
    comes in is announced once, by Announcer. */
export function Log() {
  const { store, t } = usePanel();
  const { chat, unsent } = store;
  const items = useComputed(() =>
    chat.value ? buildItems(chat.value, unsent.value) : [],
  );
  const { ref, onScroll, fresh, toEnd } = useLogScroll(store);

  return (
    <div class="logbox">
      {/* a scrolled area must be reachable by keyboard */}
      <section
        class="log"
        ref={ref}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        aria-label={t("log")}
      >
        {chat.value?.more ? (
          <p class="notice">{store.loadingOlder.value && t("loadingOlder")}</p>
        ) : (
          <Welcome />
        )}
        <ol class="items">{items.value.map(drawItem)}</ol>
        <Typing />
      </section>
      {fresh > 0 && (
        <button type="button" class="pill" onClick={toEnd}>
          <Icon nodes={downIcon} size={16} />
          {t("newMessages", { n: fresh })}
        </button>
      )}
    </div>
  );
}

function drawItem(item: Item) {
  switch (item.kind) {
    case "group":
      return <GroupView key={item.key} group={item} />;
    case "day":
      return <DayLine key={item.key} at={item.at} />;
    default:
      return <Notice key={item.key} item={item} />;
  }
}

function Welcome() {
  const { store } = usePanel();
  const chat = store.chat.value;

  if (!chat) {
    return null;
  }

  const { welcome, away } = chat.texts;
  const empty = chat.events.length + store.unsent.value.length === 0;

  return (
    <div class={empty ? "welcome center" : "welcome"}>
      {empty && (
        <span class="big">
          <Icon nodes={helloIcon} size={28} />
        </span>
      )}
      {welcome && <p class="lead">{welcome}</p>}
      {!chat.available && !store.isOpen.value && away && <p>{away}</p>}
    </div>
  );
}
