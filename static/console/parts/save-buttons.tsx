// The buttons below a setting: keep what was changed, or go back to what is
// stored; it is not left by mistake.

import type { ComponentChildren } from "preact";
import { t } from "../i18n.ts";
import { Unsaved } from "./unsaved.tsx";

interface Props {
  busy: boolean;
  changed: boolean;
  onCancel(): void;
  /** What else there is to do. */
  children?: ComponentChildren;
}

export function SaveButtons({ busy, changed, onCancel, children }: Props) {
  return (
    <div class="buttons">
      <button type="submit" class="button primary" disabled={busy || !changed}>
        {t("save")}
      </button>
      <button
        type="button"
        class="button"
        disabled={!changed}
        onClick={onCancel}
      >
        {t("cancel")}
      </button>
      {children}
      <Unsaved when={changed && !busy} />
    </div>
  );
}
