// The forms of the team page: a new account, a changed one, a new password.

import type { Problem } from "../../shared/api.ts";
import type { Operator } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { api } from "../state/api.ts";
import { say } from "../state/notices.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { newPassword, required, useForm } from "./form.ts";
import { asRole, RoleField } from "./role-field.tsx";

interface Props {
  onClose(): void;
  /** The account as the server has it now. */
  onDone(operator: Operator): void;
}

function Foot(props: { busy: boolean; action: string; onClose(): void }) {
  return (
    <div class="dialog-foot">
      <button type="button" class="button" onClick={props.onClose}>
        {t("cancel")}
      </button>
      <button type="submit" class="button primary" disabled={props.busy}>
        {props.action}
      </button>
    </div>
  );
}

function blame(problem: Problem): [string, string] | null {
  if (problem.is("login-taken")) {
    return ["login", t("error.loginTaken")];
  }
  return problem.is("last-admin") ? ["role", t("error.lastAdmin")] : null;
}

function FormError({ text }: { text: string | null }) {
  return text ? (
    <p class="form-error" role="alert">
      {text}
    </p>
  ) : null;
}

export function AddAccount({ onClose, onDone }: Props) {
  const form = useForm(
    { name: "", login: "", role: "agent", password: "" },
    blame,
  );
  const { values, errors, set } = form;
  const submit = () =>
    form.submit(
      { name: required, login: required, password: newPassword },
      async () => {
        const { operator } = await api.createOperator({
          name: values.name.trim(),
          login: values.login.trim(),
          role: asRole(values.role),
          password: values.password,
        });
        say(t("team.created", { name: operator.name }));
        onDone(operator);
      },
    );
  return (
    <Dialog
      title={t("team.addTitle")}
      lead={t("team.addLead")}
      onClose={onClose}
    >
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FormError text={form.error} />
        <Field
          label={t("field.name")}
          hint={t("field.nameHint")}
          name="name"
          value={values.name}
          error={errors.name}
          onInput={(value) => set("name", value)}
          maxLength={100}
          focus
        />
        <Field
          label={t("field.login")}
          hint={t("field.loginHint")}
          name="login"
          value={values.login}
          error={errors.login}
          onInput={(value) => set("login", value)}
          maxLength={64}
        />
        <RoleField
          value={values.role}
          error={errors.role}
          onInput={(role) => set("role", role)}
        />
        <Field
          label={t("field.password")}
          hint={t("field.passwordHint")}
          name="new-password"
          autocomplete="new-password"
          password
          value={values.password}
          error={errors.password}
          onInput={(value) => set("password", value)}
        />
        <Foot busy={form.busy} action={t("team.create")} onClose={onClose} />
      </form>
    </Dialog>
  );
}

export function EditAccount(props: Props & { operator: Operator }) {
  const { operator, onClose, onDone } = props;
  const form = useForm({ name: operator.name, role: operator.role }, blame);
  const { values, errors, set } = form;
  const submit = () =>
    form.submit({ name: required }, async () => {
      const answer = await api.updateOperator(operator.id, {
        name: values.name.trim(),
        role: asRole(values.role),
      });
      say(t("team.saved"));
      onDone(answer.operator);
    });
  return (
    <Dialog
      title={t("team.editTitle", { name: operator.name })}
      onClose={onClose}
    >
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FormError text={form.error} />
        <Field
          label={t("field.name")}
          hint={t("field.nameHint")}
          name="name"
          value={values.name}
          error={errors.name}
          onInput={(value) => set("name", value)}
          maxLength={100}
          focus
        />
        <RoleField
          value={values.role}
          error={errors.role}
          onInput={(role) => set("role", role)}
        />
        <Foot busy={form.busy} action={t("save")} onClose={onClose} />
      </form>
    </Dialog>
  );
}

export function SetPassword(props: Props & { operator: Operator }) {
  const { operator, onClose, onDone } = props;
  const form = useForm({ password: "" }, () => null);
  const submit = () =>
    form.submit({ password: newPassword }, async () => {
      await api.setOperatorPassword(operator.id, form.values.password);
      say(t("team.passwordSaved"));
      onDone(operator);
    });
  return (
    <Dialog
      title={`${t("team.password")}: ${operator.name}`}
      lead={t("team.passwordLead")}
      onClose={onClose}
    >
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FormError text={form.error} />
        <Field
          label={t("account.new")}
          hint={t("field.passwordHint")}
          name="new-password"
          autocomplete="new-password"
          password
          value={form.values.password}
          error={form.errors.password}
          onInput={(value) => form.set("password", value)}
          focus
        />
        <Foot
          busy={form.busy}
          action={t("team.passwordSave")}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
