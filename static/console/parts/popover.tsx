// A panel that a button opens beside itself; Escape, a click elsewhere and
// leaving it with Tab close it. It opens upwards where it would be cut off.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  class?: string;
  button: ComponentChildren;
  children(close: () => void): ComponentChildren;
}

/** Calls `leave` when something outside is pressed or gets the focus. */
function useElsewhere(
  open: boolean,
  root: { current: HTMLElement | null },
  leave: () => void,
): void {
  useEffect(() => {
    if (!open) {
      return;
    }
    const elsewhere = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) {
        leave();
      }
    };
    addEventListener("pointerdown", elsewhere);
    addEventListener("focusin", elsewhere);
    return () => {
      removeEventListener("pointerdown", elsewhere);
      removeEventListener("focusin", elsewhere);
    };
  }, [open]);
}

/** Decided before it is seen. */
function Panel({ children }: { children: ComponentChildren }) {
  const ref = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(false);
  useLayoutEffect(() => {
    const panel = ref.current?.getBoundingClientRect();
    const button = ref.current?.parentElement?.getBoundingClientRect();
    if (panel && button) {
      setAbove(panel.bottom > innerHeight && button.top > panel.height);
    }
  }, []);
  return (
    <div class={above ? "popover-panel above" : "popover-panel"} ref={ref}>
      {children}
    </div>
  );
}

export function Popover({ label, button, children, ...props }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useElsewhere(open, root, () => setOpen(false));

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape only, for what is inside
    <div
      class={`popover ${props.class ?? ""}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key === "Escape" && open) {
          event.preventDefault();
          close();
        }
      }}
    >
      <button
        type="button"
        ref={opener}
        class="popover-button"
        aria-expanded={open}
        title={label}
        onClick={() => setOpen(!open)}
      >
        <span class="lc-hidden">{label}</span>
        <span class="popover-face" aria-hidden="true">
          {button}
        </span>
      </button>
      {open && <Panel>{children(close)}</Panel>}
    </div>
  );
}
