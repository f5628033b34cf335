// Each action's key, to be changed or switched off.

import { useSignal } from "@preact/signals";
import { type Key, t } from "../i18n.ts";
import { ACTION_NAMES, type Action, keyOf, remap } from "../state/keys.ts";
import { say } from "../state/notices.ts";
import { prefs, setPrefs } from "../state/prefs.ts";
import { Switch } from "./switch.tsx";

/** Keys that move the focus or stand for what the browser does. */
const RESERVED = ["Tab", "Escape", "Shift", "Control", "Alt", "Meta"];

function actionName(action: Action): string {
  return t(`keys.${action}` satisfies Key);
}

function KeyLine(props: {
  action: Action;
  listening: boolean;
  onListen(on: boolean): void;
}) {
  const { action, listening, onListen } = props;
  const key = listening ? t("account.keyPress") : keyOf(action);
  return (
    <li>
      <span>{actionName(action)}</span>
      <button
        type="button"
        class={listening ? "key listening" : "key"}
        aria-label={t("account.keyFor", { action: actionName(action), key })}
        onClick={() => onListen(!listening)}
        onBlur={() => onListen(false)}
        onKeyDown={(event) => {
          if (!listening || RESERVED.includes(event.key)) {
            return;
          }
          event.preventDefault();
          event.stopPropagation();
          const holder = remap(action, event.key);
          if (holder) {
            const taken = { key: event.key, action: actionName(holder) };
            say(t("account.keyTaken", taken), true);
          }
          onListen(false);
        }}
      >
        {key}
      </button>
    </li>
  );
}

export function KeySettings() {
  const listening = useSignal<Action | null>(null);
  const { shortcuts, keys } = prefs.value;
  return (
    <>
      <Switch
        label={t("account.keysOn")}
        on={shortcuts}
        onChange={(shortcuts) => setPrefs({ shortcuts })}
      />
      {shortcuts && (
        <ul class="keys">
          {ACTION_NAMES.map((action) => (
            <KeyLine
              key={action}
              action={action}
              listening={listening.value === action}
              onListen={(on) => {
                listening.value = on ? action : null;
              }}
            />
          ))}
        </ul>
      )}
      {Object.keys(keys).length > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => setPrefs({ keys: {} })}
        >
          {t("account.keysReset")}
        </button>
      )}
    </>
  );
}
