import retryIcon from "icon:rotate-cw";
import { textNodes } from "../shared/text.ts";
import { clock, dayName, fullTime } from "../shared/time.ts";
import { Avatar } from "../shared/ui/avatar.tsx";
import { Icon } from "../shared/ui/icon.tsx";
import { usePanel } from "./context.ts";
import type { Bubble, Group, Item, Mark } from "./items.ts";

export function DayLine(props: { at: number }) {
  const { locale } = usePanel();

  return (
    <li class="day">
      <span>{dayName(props.at, Date.now(), locale)}</span>
    </li>
  );
}

export function Notice(props: {
  item: Exclude<Item, { kind: "group" | "day" }>;
}) {
  const { t } = usePanel();
  const { item } = props;
  const text =
    item.kind === "joined" ? t("joined", { name: item.name }) : t(item.kind);

  return <li class="notice">{text}</li>;
}

/** Bubbles of one author; the last one has the time and the mark. */
export function GroupView(props: { group: Group }) {
  const { t } = usePanel();
  const { own, bubbles } = props.group;
  const name = props.group.name ?? t("operator");

  return (
    <li class={own ? "group own" : "group"}>
      <span class="lc-hidden">{own ? t("you") : name}:</span>
      {!own && <Avatar name={name} size="s" />}
      <div class="bubbles">
        {bubbles.map((bubble, index) => (
          <BubbleView
            key={bubble.key}
            bubble={bubble}
            last={index === bubbles.length - 1}
            name={own ? undefined : name}
          />
        ))}
      </div>
    </li>
  );
}

function BubbleView(props: {
  bubble: Bubble;
  last: boolean;
  name: string | undefined;
}) {
  const { bubble, last } = props;
  const failed =
    bubble.mark === "failed" ||
    bubble.mark === "held" ||
    bubble.mark === "waiting";

  return (
    <>
      <p class={failed ? "bubble unsent" : "bubble"} dir="auto">
        {textNodes(bubble.text)}
      </p>
      {failed ? (
        <Unsent bubble={bubble} />
      ) : (
        last && <Meta bubble={bubble} name={props.name} />
      )}
    </>
  );
}

function Meta(props: { bubble: Bubble; name: string | undefined }) {
  const { t, locale } = usePanel();
  const { at, mark } = props.bubble;
  const words: Record<Mark, string> = {
    sending: t("sending"),
    sent: t("sent"),
    read: t("read"),
    waiting: t("waitingToSend"),
    failed: t("failed"),
    held: t("held"),
  };

  return (
    <p class="meta">
      {props.name && <span>{props.name}</span>}
      <time dateTime={new Date(at).toISOString()} title={fullTime(at, locale)}>
        {clock(at, locale)}
      </time>
      {mark && <span class={`mark ${mark}`}>{words[mark]}</span>}
    </p>
  );
}

/** Not sent: what can be done about it. */
function Unsent(props: { bubble: Bubble }) {
  const { store, t } = usePanel();
  const { key, mark } = props.bubble;
  const failed = mark === "failed" || mark === "held";

  return (
    <p class={failed ? "meta failed" : "meta waiting"}>
      <span>{t(failed ? mark : "waitingToSend")}</span>
      <button type="button" onClick={() => store.retry(key)}>
        <Icon nodes={retryIcon} size={12} />
        {t("retry")}
      </button>
      {failed && (
        <button type="button" onClick={() => store.discard(key)}>
          {t("remove")}
        </button>
      )}
    </p>
  );
}
