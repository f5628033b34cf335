// One's own password, language, appearance, alerts and keys.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Key, t } from "../i18n.ts";
import { NewPasswordField } from "../parts/account-fields.tsx";
import { Field } from "../parts/field.tsx";
import { newPassword, required, useForm } from "../parts/form.ts";
import { FormBox } from "../parts/form-box.tsx";
import { KeySettings } from "../parts/key-settings.tsx";
import { OperatorFace } from "../parts/person.tsx";
import { Page } from "../parts/shell.tsx";
import { Switch } from "../parts/switch.tsx";
import { askPermission, permission } from "../state/alerts.ts";
import { api } from "../state/api.ts";
import { say } from "../state/notices.ts";
import {
  LOCALES,
  type LocaleName,
  prefs,
  setPrefs,
  THEMES,
  type Theme,
} from "../state/prefs.ts";
import { me } from "../state/session.ts";
import { play } from "../state/sound.ts";

/** Languages go by their own names, whatever the page speaks. */
const LANGUAGE: Record<LocaleName, string> = {
  en: "English",
  fr: "Français",
  de: "Deutsch",
};

const THEME = {
  auto: "account.themeAuto",
  light: "account.themeLight",
  dark: "account.themeDark",
} as const satisfies Record<Theme, Key>;

function Part(props: {
  title: string;
  lead?: string;
  children: ComponentChildren;
}) {
  return (
    <section class="part">
      <div>
        <h2>{props.title}</h2>
        {props.lead && <p class="muted">{props.lead}</p>}
      </div>
      <div class="part-body">{props.children}</div>
    </section>
  );
}

function You() {
  const self = me();
  return self ? (
    <div class="you-card">
      <OperatorFace operator={self} availability={self.status} size="m" />
      <div>
        <strong>{self.name}</strong>
        <small>
          {self.login} · {t(`role.${self.role}`)}
        </small>
      </div>
    </div>
  ) : null;
}

function Password() {
  const [turn, setTurn] = useState(0);
  return <PasswordForm key={turn} onDone={() => setTurn(turn + 1)} />;
}

function PasswordForm({ onDone }: { onDone(): void }) {
  const form = useForm({ current: "", password: "" }, (problem) =>
    problem.is("credentials") ? ["current", t("error.currentPassword")] : null,
  );
  const { values } = form;
  const submit = () =>
    form.submit({ current: required, password: newPassword }, async () => {
      await api.changePassword(values.current, values.password);
      say(t("account.changed"));
      onDone();
    });
  return (
    <FormBox error={form.error} onSubmit={() => void submit()}>
      <Field
        label={t("account.current")}
        name="current-password"
        autocomplete="current-password"
        password
        {...form.bind("current")}
      />
      <NewPasswordField label={t("account.new")} {...form.bind("password")} />
      <div>
        <button type="submit" class="button" disabled={form.busy}>
          {t("account.change")}
        </button>
      </div>
    </FormBox>
  );
}

function Look() {
  const { locale, theme } = prefs.value;
  return (
    <>
      <label class="field">
        <span>{t("account.language")}</span>
        <select
          value={locale ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const found = LOCALES.find((name) => name === value);
            setPrefs({ locale: found ?? null });
          }}
        >
          <option value="">{t("account.browser")}</option>
          {LOCALES.map((name) => (
            <option key={name} value={name} lang={name}>
              {LANGUAGE[name]}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="field segments">
        <legend>{t("account.theme")}</legend>
        <div>
          {THEMES.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={theme === name}
              onClick={() => setPrefs({ theme: name })}
            >
              {t(THEME[name])}
            </button>
          ))}
        </div>
      </fieldset>
    </>
  );
}

function Notifications() {
  const now = permission.value;
  if (now === "unsupported") {
    return <p class="muted">{t("account.notifyNone")}</p>;
  }
  if (now === "denied") {
    return <p class="muted">{t("account.notifyDenied")}</p>;
  }
  if (now === "default") {
    return (
      <button type="button" class="button" onClick={() => void askPermission()}>
        {t("account.notifyAsk")}
      </button>
    );
  }
  return (
    <Switch
      label={t("account.notify")}
      on={prefs.value.notify}
      onChange={(notify) => setPrefs({ notify })}
    />
  );
}

function Alerts() {
  return (
    <>
      <div class="switch-line">
        <Switch
          label={t("account.sound")}
          on={prefs.value.sound}
          onChange={(sound) => setPrefs({ sound })}
        />
        {prefs.value.sound && (
          <button type="button" class="link" onClick={() => play("visitor")}>
            {t("account.soundTry")}
          </button>
        )}
      </div>
      <Notifications />
    </>
  );
}

export default function Account() {
  return (
    <Page title={t("account.title")}>
      <Part title={t("account.you")}>
        <You />
      </Part>
      <Part title={t("account.look")}>
        <Look />
      </Part>
      <Part title={t("account.alerts")}>
        <Alerts />
      </Part>
      <Part title={t("account.keys")} lead={t("account.keysHint")}>
        <KeySettings />
      </Part>
      <Part title={t("account.password")} lead={t("account.passwordLead")}>
        <Password />
      </Part>
    </Page>
  );
}
