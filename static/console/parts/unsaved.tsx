// Asks before what was typed is left, by a link, the browser's buttons, or
// the closing of the page.

import { useLayoutEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { guardPage } from "../router.ts";
import { Confirm } from "./dialog.tsx";

export function Unsaved({ when }: { when: boolean }) {
  const [leave, setLeave] = useState<(() => void) | null>(null);
  // before anything else happens, and not only when it has been painted
  useLayoutEffect(() => {
    if (!when) {
      return;
    }
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    const off = guardPage((go) => setLeave(() => go));
    addEventListener("beforeunload", stay);
    return () => {
      off();
      removeEventListener("beforeunload", stay);
    };
  }, [when]);
  return leave ? (
    <Confirm
      title={t("unsaved.title")}
      lead={t("unsaved.lead")}
      stay={t("unsaved.stay")}
      action={t("unsaved.leave")}
      danger
      onConfirm={leave}
      onClose={() => setLeave(null)}
    />
  ) : null;
}
