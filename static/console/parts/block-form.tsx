// The form that blocks a network.

import type { Block, BlockMode } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { api } from "../state/api.ts";
import { say } from "../state/notices.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { required, useForm } from "./form.ts";
import { FormBox } from "./form-box.tsx";

const MODES: readonly BlockMode[] = ["refuse", "close", "ghost"];

const HOUR = 3600;

const TIMES = [
  ["blocks.hour", HOUR],
  ["blocks.day", 24 * HOUR],
  ["blocks.month", 30 * 24 * HOUR],
  ["blocks.forever", 0],
] as const;

interface ChoiceProps {
  legend: string;
  name: string;
  value: string;
  options: readonly (readonly [value: string, label: string, hint: string])[];
  onInput(value: string): void;
}

function Choice({ legend, name, value, options, onInput }: ChoiceProps) {
  return (
    <fieldset class="field roles">
      <legend>{legend}</legend>
      {options.map(([one, label, hint]) => (
        <label key={one} class="role">
          <input
            type="radio"
            name={name}
            value={one}
            checked={value === one}
            onChange={() => onInput(one)}
          />
          <span>
            {label}
            {hint && <small>{hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function useBlockForm(onDone: (block: Block) => void) {
  const form = useForm(
    { network: "", mode: "refuse", reason: "", time: String(24 * HOUR) },
    () => null,
  );
  const { values } = form;
  const submit = () =>
    form.submit({ network: required }, async () => {
      const seconds = Number(values.time);
      const { block } = await api.block({
        network: values.network.trim(),
        mode: MODES.find((mode) => mode === values.mode) ?? "refuse",
        reason: values.reason.trim(),
        ...(seconds > 0 && { expires_in: seconds }),
      });
      say(t("blocks.added", { name: block.network ?? "" }));
      onDone(block);
    });
  return { form, submit };
}

interface Props {
  onClose(): void;
  onDone(block: Block): void;
}

export function BlockNetwork({ onClose, onDone }: Props) {
  const { form, submit } = useBlockForm(onDone);
  return (
    <Dialog
      title={t("blocks.addTitle")}
      lead={t("blocks.addLead")}
      onClose={onClose}
    >
      <FormBox error={form.error} onSubmit={() => void submit()}>
        <Field
          label={t("blocks.network")}
          hint={t("blocks.networkHint")}
          name="network"
          {...form.bind("network")}
          maxLength={64}
          focus
        />
        <Choice
          legend={t("blocks.mode")}
          name="mode"
          {...form.bind("mode")}
          options={MODES.map((mode) => [
            mode,
            t(`blocks.${mode}`),
            t(`blocks.${mode}Hint`),
          ])}
        />
        <Choice
          legend={t("blocks.until")}
          name="time"
          {...form.bind("time")}
          options={TIMES.map(([label, seconds]) => [
            String(seconds),
            t(label),
            "",
          ])}
        />
        <Field
          label={t("blocks.reason")}
          hint={t("blocks.reasonHint")}
          name="reason"
          {...form.bind("reason")}
          maxLength={300}
        />
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary" disabled={form.busy}>
            {t("blocks.add")}
          </button>
        </div>
      </FormBox>
    </Dialog>
  );
}
