// Notices, and the one live region: a history that was live would be read out
// again and again.

import { useRef } from "preact/hooks";
import { heard, notice, type Remedy } from "../state/notices.ts";

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
        notice.value = null;
        of.run();
      }}
    >
      {of.label}
    </button>
  );
}

export function Toasts() {
  const shown = notice.value;
  return (
    <>
      <div class="toasts" role="status">
        {shown && (
          <div class={shown.bad ? "toast bad" : "toast"}>
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
