// Notices, and the one live region: a history that was live would be read out
// again and again.

import { heard, notice } from "../state/notices.ts";

export function Toasts() {
  const shown = notice.value;
  return (
    <>
      <div class="toasts" role="status">
        {shown && (
          <div class={shown.bad ? "toast bad" : "toast"}>
            {shown.text}
            {shown.remedy && (
              <button
                type="button"
                class="toast-remedy"
                onClick={() => {
                  notice.value = null;
                  shown.remedy?.run();
                }}
              >
                {shown.remedy.label}
              </button>
            )}
          </div>
        )}
      </div>
      <div class="lc-hidden" aria-live="polite" id="incoming">
        {heard}
      </div>
    </>
  );
}
