// The first account, with the one-time code that only whoever administers the
// server can read.

import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import {
  LoginField,
  NameField,
  NewPasswordField,
} from "../parts/account-fields.tsx";
import { Field } from "../parts/field.tsx";
import { newPassword, required, useForm } from "../parts/form.ts";
import { FormBox } from "../parts/form-box.tsx";
import { api } from "../state/api.ts";
import { logIn } from "../state/session.ts";

function useSetup() {
  const [exists, setExists] = useState(false);
  const form = useForm(
    { code: "", name: "", login: "", password: "" },
    (problem) => {
      setExists(problem.is("set-up"));
      return problem.is("code") ? ["code", t("setup.wrongCode")] : null;
    },
  );
  const submit = () =>
    form.submit(
      {
        code: required,
        name: required,
        login: required,
        password: newPassword,
      },
      async () => {
        const { code, name, login, password } = form.values;
        const account = { name: name.trim(), login: login.trim(), password };
        await api.setup({ code: code.trim(), ...account });
        await logIn(account.login, password);
      },
    );
  return { form, exists, submit };
}

export default function Setup({ back }: { back(): void }) {
  const { form, exists, submit } = useSetup();
  const error = exists ? t("setup.exists") : form.error;
  return (
    <>
      <h1>{t("setup.title")}</h1>
      <p class="muted">{t("setup.lead")}</p>
      <FormBox error={error} onSubmit={() => void submit()}>
        <Field
          label={t("setup.code")}
          hint={t("setup.codeHint")}
          name="code"
          {...form.bind("code")}
          maxLength={64}
          focus
        />
        <NameField autocomplete="name" {...form.bind("name")} />
        <LoginField autocomplete="username" {...form.bind("login")} />
        <NewPasswordField {...form.bind("password")} />
        <button type="submit" class="button primary wide" disabled={form.busy}>
          {t("setup.submit")}
        </button>
      </FormBox>
      <button type="button" class="link" onClick={back}>
        {t("setup.back")}
      </button>
    </>
  );
}
