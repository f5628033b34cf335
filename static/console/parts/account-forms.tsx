// The forms of the team page: a new account, a changed one, a new password.

import type { Problem } from "../../shared/api.ts";
import type { Operator } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { api } from "../state/api.ts";
import { say } from "../state/notices.ts";
import { LoginField, NameField, NewPasswordField } from "./account-fields.tsx";
import { Dialog } from "./dialog.tsx";
import { newPassword, required, useForm } from "./form.ts";
import { FormBox } from "./form-box.tsx";
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

function useAddAccount(onDone: Props["onDone"]) {
  const form = useForm(
    { name: "", login: "", role: "agent", password: "" },
    blame,
  );
  const { values } = form;
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
  return { form, submit };
}

export function AddAccount({ onClose, onDone }: Props) {
  const { form, submit } = useAddAccount(onDone);
  return (
    <Dialog
      title={t("team.addTitle")}
      lead={t("team.addLead")}
      onClose={onClose}
    >
      <FormBox error={form.error} onSubmit={() => void submit()}>
        <NameField {...form.bind("name")} focus />
        <LoginField {...form.bind("login")} />
        <RoleField {...form.bind("role")} />
        <NewPasswordField {...form.bind("password")} />
        <Foot busy={form.busy} action={t("team.create")} onClose={onClose} />
      </FormBox>
    </Dialog>
  );
}

export function EditAccount(props: Props & { operator: Operator }) {
  const { operator, onClose, onDone } = props;
  const form = useForm({ name: operator.name, role: operator.role }, blame);
  const { values } = form;
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
      <FormBox error={form.error} onSubmit={() => void submit()}>
        <NameField {...form.bind("name")} focus />
        <RoleField {...form.bind("role")} />
        <Foot busy={form.busy} action={t("save")} onClose={onClose} />
      </FormBox>
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
      <FormBox error={form.error} onSubmit={() => void submit()}>
        <NewPasswordField
          label={t("account.new")}
          {...form.bind("password")}
          focus
        />
        <Foot
          busy={form.busy}
          action={t("team.passwordSave")}
          onClose={onClose}
        />
      </FormBox>
    </Dialog>
  );
}
