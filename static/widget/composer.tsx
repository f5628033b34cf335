import soundIcon from "icon:bell";
import mutedIcon from "icon:bell-off";
import sendIcon from "icon:send-horizontal";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { sendable } from "../shared/text.ts";
import { Icon } from "../shared/ui/icon.tsx";
import { usePanel } from "./context.ts";

/** The counter appears with the last tenth of the room. */
const NEARLY = 0.9;

export function Composer(props: {
  field: RefObject<HTMLTextAreaElement | null>;
}) {
  const { store, t } = usePanel();
  const text = store.draft.value;
  const limit = store.chat.value?.limits.text ?? 4000;
  const length = Array.from(text).length;
  const ready = sendable(text) !== "" && length <= limit;

  useAutoHeight(props.field, text);

  const send = () => {
    if (ready) {
      store.send(sendable(text));
      store.draft.value = "";
    }

    props.field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter may choose a word of an input method
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) {
      event.preventDefault();
      send();
    }
  };

  const box = useRef<HTMLFormElement>(null);

  usePassedOn(box);

  return (
    <form
      class="composer"
      ref={box}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={props.field}
        rows={1}
        value={text}
        aria-label={t("message")}
        aria-invalid={length > limit}
        aria-describedby="lc-counter"
        placeholder={t("placeholder")}
        enterkeyhint="send"
        onInput={(event) => {
          store.draft.value = event.currentTarget.value;
          store.typed(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <button
        type="submit"
        class="send"
        aria-label={t("send")}
        aria-disabled={!ready}
      >
        <Icon nodes={sendIcon} />
      </button>
      <Mute />
      {length > limit * NEARLY && <Counter left={limit - length} />}
    </form>
  );
}

function Mute() {
  const { store, t } = usePanel();
  const muted = store.muted.value;

  return (
    <button
      type="button"
      class="mute"
      aria-label={t("sound")}
      aria-pressed={!muted}
      onClick={() => store.mute(!muted)}
    >
      <Icon nodes={muted ? mutedIcon : soundIcon} size={20} />
    </button>
  );
}

function Counter(props: { left: number }) {
  const { t } = usePanel();
  const over = props.left < 0;

  return (
    <p class={over ? "counter over" : "counter"} id="lc-counter">
      {over
        ? t("tooLong", { n: -props.left })
        : t("charactersLeft", { n: props.left })}
    </p>
  );
}

/** Safari ends the composition before the key that ended it. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** What comes in its place gets its focus: what one types goes nowhere. */
function usePassedOn(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(
    () => () => {
      const root = box.current?.getRootNode() as ShadowRoot | undefined;

      if (box.current?.contains(root?.activeElement ?? null)) {
        queueMicrotask(() => {
          if (!root?.activeElement) {
            const find = (name: string) =>
              root?.querySelector<HTMLElement>(name);

            (find(".ended") ?? find(".panel"))?.focus();
          }
        });
      }
    },
    [],
  );
}

/** As high as its text, up to what the style allows. */
function useAutoHeight(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
): void {
  useLayoutEffect(() => {
    const area = field.current;

    if (area) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight}px`;
    }
  }, [text]);
}
