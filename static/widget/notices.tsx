import errorIcon from "icon:cloud-off";
import refusedIcon from "icon:message-circle-off";
import wifiIcon from "icon:wifi-off";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../shared/ui/icon.tsx";
import { usePanel } from "./context.ts";

/** Says that the network is gone, when it has been for a moment. */
export function LinkBanner() {
  const { store, t } = usePanel();
  const offline = !store.online.value;

  if (
    !store.chat.value ||
    store.refused.value ||
    (!offline && store.link.value !== "offline")
  ) {
    return null;
  }

  return (
    <p class="banner" role="status">
      <Icon nodes={wifiIcon} size={16} />
      {t(offline ? "offline" : "reconnecting")}
    </p>
  );
}

export function Opening() {
  const { t } = usePanel();

  return (
    <div class="center">
      <span class="spinner" />
      <p class="lc-hidden" role="status">
        {t("loading")}
      </p>
    </div>
  );
}

export function Failed() {
  const { store, t } = usePanel();

  return (
    <div class="center" role="alert">
      <span class="big">
        <Icon nodes={errorIcon} size={28} />
      </span>
      <p class="lead">{t("errorTitle")}</p>
      <p>{t("errorHint")}</p>
      <button
        type="button"
        class="primary"
        onClick={() => void store.connect()}
      >
        {t("retry")}
      </button>
    </div>
  );
}

/** To a visitor who is blocked: to try again would be in vain. */
export function Refused() {
  const { t } = usePanel();

  return (
    <div class="center" role="alert">
      <span class="big">
        <Icon nodes={refusedIcon} size={28} />
      </span>
      <p class="lead">{t("refused")}</p>
    </div>
  );
}

/** In the composer's place when the conversation has ended. */
export function Ended(props: { onStart(): void }) {
  const { store, t } = usePanel();

  return (
    <div class="ended" tabIndex={-1}>
      <button
        type="button"
        class="primary"
        onClick={({ currentTarget }) => {
          // the key's release must not fall through to the page
          currentTarget.closest<HTMLElement>(".panel")?.focus();
          store.startNew();
          props.onStart();
        }}
      >
        {t("startNew")}
      </button>
    </div>
  );
}

/** Asks before a conversation is ended. Esc and the first button keep it. */
export function ConfirmEnd() {
  const { store, t } = usePanel();
  const first = useRef<HTMLButtonElement>(null);
  const keep = () => {
    store.confirmingEnd.value = false;
  };

  useEffect(() => {
    const root = first.current?.getRootNode() as ShadowRoot | undefined;

    first.current?.focus();

    // back to where the question came from, or to what came of it
    return () => {
      const next = root?.querySelector<HTMLElement>(".ended .primary, .end");
      next?.focus();
    };
  }, []);

  return (
    <div class="scrim">
      <div
        class="sheet"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="lc-ask"
        aria-describedby="lc-hint"
      >
        <h3 id="lc-ask">{t("endAsk")}</h3>
        <p id="lc-hint">{t("endHint")}</p>
        <div class="actions">
          <button type="button" class="secondary" ref={first} onClick={keep}>
            {t("endNo")}
          </button>
          <button
            type="button"
            class="primary danger"
            onClick={() => void store.end()}
          >
            {t("endYes")}
          </button>
        </div>
      </div>
    </div>
  );
}
