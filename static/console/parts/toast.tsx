// Notices, and the one live region: a history that was live would be read out
// again and again.

import { useRef } from "preact/hooks";
import {
  dismiss,
  heard,
  hold,
  notice,
  type Remedy,
  release,
} from "../state/notices.ts";

/** Leaves the keyboard where it was before. */
function RemedyButton({ of }: { of: Remedy }) {
  const before = useRef<HTMLElement | null>(null);
  return (
    <button
      type="button"
      class="toast-remedy"
      onMouseDown={(event) => event.preventDefault()}
      onFocus={({ relatedTarget }) => {
        before.current = relatedTarget as HTMLElement | null;
      }}
      onClick={({ currentTarget }) => {
        if (document.activeElement === currentTarget) {
          const back = before.current?.isConnected ? before.current : null;
          (back ?? document.getElementById("content"))?.focus();
        }
        dismiss();
        of.run();
      }}
    >
      {of.label}
    </button>
  );
}

function leave({ currentTarget }: { currentTarget: HTMLElement }): void {
  if (!currentTarget.matches(":hover, :focus-within")) {
    release();
  }
}

export function Toasts() {
  const shown = notice.value;
  return (
    <>
      <div class="toasts" role="status">
        {shown && (
          <div
            class={shown.bad ? "toast bad" : "toast"}
            onPointerEnter={hold}
            onPointerLeave={leave}
            onFocusIn={hold}
            onFocusOut={leave}
          >
            {shown.text}
            {shown.remedy && <RemedyButton of={shown.remedy} />}
          </div>
        )}
      </div>
      <div class="lc-hidden" aria-live="polite" id="incoming">
        {heard}
      </div>
    </>
  );
}
