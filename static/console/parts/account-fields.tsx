// The fields of an account, wherever one is made or changed.

import { t } from "../i18n.ts";
import { Field } from "./field.tsx";
import type { Bound } from "./form.ts";

interface Props extends Bound {
  /** Other than the usual one. */
  label?: string;
  /** For a browser that fills in one's own account. */
  autocomplete?: string;
  focus?: boolean;
}

export function NameField(props: Props) {
  return (
    <Field
      label={t("field.name")}
      hint={t("field.nameHint")}
      name="name"
      maxLength={100}
      {...props}
    />
  );
}

export function LoginField(props: Props) {
  return (
    <Field
      label={t("field.login")}
      hint={t("field.loginHint")}
      name={props.autocomplete ?? "login"}
      maxLength={64}
      {...props}
    />
  );
}

export function NewPasswordField(props: Props) {
  return (
    <Field
      label={t("field.password")}
      hint={t("field.passwordHint")}
      name="new-password"
      autocomplete="new-password"
      password
      {...props}
    />
  );
}
