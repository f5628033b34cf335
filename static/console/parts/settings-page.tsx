// A page of one setting that administrators may see and save.

import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { isAdmin } from "../state/session.ts";
import { Page } from "./shell.tsx";

interface Props<T> {
  title: string;
  lead: string;
  /** To others than administrators. */
  forbidden: string;
  load(): Promise<T>;
  /** Of what is stored; `onSaved` begins anew with what is stored then. */
  editor(saved: T, onSaved: (saved: T) => void): ComponentChildren;
}

export function SettingsPage<T extends object>(props: Props<T>) {
  const { title, lead } = props;
  const [saved, setSaved] = useState<T | "loading" | "failed">("loading");
  const [turn, setTurn] = useState(0);
  const allowed = isAdmin();
  const load = async () => {
    try {
      setSaved(await props.load());
    } catch {
      setSaved("failed");
    }
  };

  useEffect(() => {
    if (allowed) {
      void load();
    }
  }, [allowed]);

  if (!allowed) {
    return (
      <Page title={title}>
        <p>{props.forbidden}</p>
      </Page>
    );
  }
  return (
    <Page title={title} lead={lead}>
      {saved === "loading" && <div class="empty quiet">{t("loading")}</div>}
      {saved === "failed" && (
        <div class="empty" role="alert">
          <p>{t("brand.failed")}</p>
          <button type="button" class="button" onClick={() => void load()}>
            {t("retry")}
          </button>
        </div>
      )}
      {typeof saved === "object" && (
        <Fragment key={turn}>
          {props.editor(saved, (now) => {
            setSaved(now);
            setTurn((last) => last + 1);
          })}
        </Fragment>
      )}
    </Page>
  );
}
