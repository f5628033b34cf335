// Jump to anything: conversations, pages, actions.

import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { find, type Item } from "../state/commands.ts";

const SHOWN = 12;

interface Props {
  onClose(): void;
}

function useOpenDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return ref;
}

function Option(props: {
  item: Item;
  id: string;
  chosen: boolean;
  onChoose(): void;
}) {
  const { item, id, chosen } = props;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) {
      ref.current?.scrollIntoView({ block: "nearest" });
    }
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys
    <div
      id={id}
      ref={ref}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      onClick={props.onChoose}
    >
      <span class="palette-name">{item.name}</span>
      <span class="palette-hint">{item.hint}</span>
    </div>
  );
}

/** What is searched for, what was found, and the keys that go through it. */
function useSearch(onClose: () => void) {
  const query = useSignal("");
  const at = useSignal(0);
  const items = find(query.value).slice(0, SHOWN);
  const chosen = Math.min(at.value, items.length - 1);

  const run = (item: Item | undefined) => {
    if (item) {
      onClose();
      item.run();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const n = items.length;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      at.value = n > 0 ? (chosen + by + n) % n : 0;
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(items[chosen]);
    }
  };
  const onInput = (text: string) => {
    query.value = text;
    at.value = 0;
  };
  return { text: query.value, items, chosen, run, onKey, onInput };
}

function Found({ n }: { n: number }) {
  return (
    <p class={n > 0 ? "lc-hidden" : "empty"} role="status">
      {n > 0 ? t("palette.results", { n }) : t("palette.none")}
    </p>
  );
}

export default function Palette({ onClose }: Props) {
  const ref = useOpenDialog();
  const id = useId();
  const { text, items, chosen, run, onKey, onInput } = useSearch(onClose);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own
    <dialog
      ref={ref}
      class="palette"
      aria-label={t("palette.label")}
      onCancel={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <input
        type="text"
        role="combobox"
        aria-label={t("palette.label")}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
        placeholder={t("nav.jump")}
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <div
        id={id}
        class="palette-list"
        role="listbox"
        aria-label={t("palette.label")}
      >
        {items.map((item, index) => (
          <Option
            key={item.key}
            id={`${id}-${index}`}
            item={item}
            chosen={index === chosen}
            onChoose={() => run(item)}
          />
        ))}
      </div>
      <Found n={items.length} />
    </dialog>
  );
}
