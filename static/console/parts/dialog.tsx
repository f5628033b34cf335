// A modal dialog: the browser's own, which keeps the focus inside and gives it
// back, and which Escape closes.

import x from "icon:x";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n.ts";
import { IconButton } from "./button.tsx";

interface Props {
  title: string;
  lead?: string;
  children: ComponentChildren;
  /** null for what has to be answered */
  onClose: (() => void) | null;
}

export function Dialog({ title, lead, children, onClose }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    // By itself the dialog would choose its button to close.
    dialog?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own
    <dialog
      ref={ref}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === ref.current) {
          onClose?.();
        }
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          {onClose && (
            <IconButton icon={x} label={t("close")} onClick={onClose} />
          )}
        </header>
        {lead && <p class="muted">{lead}</p>}
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  lead: string;
  action: string;
  /** What Enter does then, in place of the action. */
  stay?: string;
  danger?: boolean;
  onConfirm(): void;
  onClose(): void;
}

export function Confirm(props: ConfirmProps) {
  const { title, lead, action, stay, danger, onConfirm, onClose } = props;
  return (
    <Dialog title={title} lead={lead} onClose={onClose}>
      <div class="dialog-foot">
        <button
          type="button"
          class="button"
          data-first={stay ? true : undefined}
          onClick={onClose}
        >
          {stay ?? t("cancel")}
        </button>
        <button
          type="button"
          class={danger ? "button danger" : "button primary"}
          data-first={stay ? undefined : true}
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
