// The keyboard's map.

import { type Key, t } from "../i18n.ts";
import { ACTION_NAMES, keyOf } from "../state/keys.ts";
import { prefs } from "../state/prefs.ts";
import { Dialog } from "./dialog.tsx";

const FIXED = [
  ["Ctrl K", "keys.palette"],
  ["Alt 1 … 9", "keys.tab"],
  ["Enter", "keys.send"],
  ["Shift Enter", "keys.newLine"],
  ["Esc", "keys.escape"],
] as const satisfies readonly (readonly [string, Key])[];

export default function Help({ onClose }: { onClose(): void }) {
  const { shortcuts } = prefs.value;
  return (
    <Dialog title={t("nav.help")} onClose={onClose}>
      {!shortcuts && <p class="muted">{t("keys.off")}</p>}
      <dl class="help">
        {shortcuts &&
          ACTION_NAMES.map((action) => (
            <div key={action}>
              <dt>{t(`keys.${action}`)}</dt>
              <dd>
                <kbd>{keyOf(action)}</kbd>
              </dd>
            </div>
          ))}
        {FIXED.map(([keys, name]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
