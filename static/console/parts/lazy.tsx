// A component whose code comes when it is first shown. Where it does not come
// (the server was upgraded meanwhile, the network is away), a reload helps.

import { signal } from "@preact/signals";
import { type ComponentType, createElement } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n.ts";

type State<P> = { readonly component: ComponentType<P> } | "loading" | "failed";

function Failed() {
  return (
    <div class="empty" role="alert">
      <p>{t("unreachable")}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {t("retry")}
      </button>
    </div>
  );
}

export function lazy<P extends object = Record<never, never>>(
  load: () => Promise<{ default: ComponentType<P> }>,
): ComponentType<P> {
  const state = signal<State<P> | null>(null);

  const start = () => {
    state.value = "loading";
    load().then(
      (module) => {
        state.value = { component: module.default };
      },
      () => {
        state.value = "failed";
      },
    );
  };

  return function Lazy(props: P) {
    useEffect(() => {
      if (state.peek() === null) {
        start();
      }
    }, []);
    const now = state.value;
    if (now === "failed") {
      return <Failed />;
    }
    if (now === null || now === "loading") {
      return <div class="empty quiet">{t("loading")}</div>;
    }
    return createElement(now.component, props);
  };
}
