// The life of a form: its values, what the server says of its fields, and
// that it is sent once.

import { useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { t } from "../i18n.ts";
import { problemText } from "../state/names.ts";

export type Values = Readonly<Record<string, string>>;

/** The field that is to blame for a problem that names none. */
export type Blame = (problem: Problem) => [field: string, text: string] | null;

type Errors<V> = Partial<Record<keyof V, string>>;

export interface Form<V extends Values> {
  readonly values: V;
  readonly busy: boolean;
  readonly error: string | null;
  set(name: keyof V, value: string): void;
  /** All of them at once. */
  fill(values: V): void;
  /** What ties a field to the form. */
  bind(name: keyof V): Bound;
  /** True when it went through. */
  submit(check: Checks<V>, send: () => Promise<void>): Promise<boolean>;
}

export interface Bound {
  readonly value: string;
  readonly error: string | undefined;
  onInput(value: string): void;
}

export type Checks<V> = Partial<
  Record<keyof V, (value: string) => string | undefined>
>;

export function required(value: string): string | undefined {
  return value.trim() === "" ? t("error.required") : undefined;
}

const PASSWORD_MIN = 10;

export function newPassword(value: string): string | undefined {
  return Array.from(value).length < PASSWORD_MIN
    ? t("error.short", { n: PASSWORD_MIN })
    : undefined;
}

function checked<V extends Values>(values: V, checks: Checks<V>): Errors<V> {
  const errors: Errors<V> = {};
  for (const name of Object.keys(checks) as (keyof V)[]) {
    const text = checks[name]?.(values[name] ?? "");
    if (text) {
      errors[name] = text;
    }
  }
  return errors;
}

function focusFirstError(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  });
}

/** Which field is to blame ("" for none), and what to say. */
function culprit(
  caught: unknown,
  values: Values,
  blame: Blame,
): readonly [field: string, text: string] {
  if (!(caught instanceof Problem)) {
    return ["", problemText(caught)];
  }
  const { field, detail } = caught;
  return (
    blame(caught) ??
    (field && field in values
      ? [field, detail ?? t("error.invalid")]
      : ["", problemText(caught)])
  );
}

export function useForm<V extends Values>(first: V, blame: Blame): Form<V> {
  const [values, setValues] = useState(first);
  const [busy, setBusy] = useState(false);
  const [error, fail] = useState<string | null>(null);
  const [errors, setErrors] = useState<Errors<V>>({});

  const explain = (caught: unknown) => {
    const [field, text] = culprit(caught, values, blame);
    if (field) {
      setErrors({ [field]: text } as Errors<V>);
      focusFirstError();
    } else {
      fail(text);
    }
  };

  const set = (name: keyof V, value: string) => {
    setValues({ ...values, [name]: value });
    setErrors({ ...errors, [name]: undefined });
    fail(null);
  };

  return {
    values,
    busy,
    error,
    set,
    fill: (all) => {
      setValues(all);
      setErrors({});
      fail(null);
    },
    bind: (name) => ({
      value: values[name] ?? "",
      error: errors[name],
      onInput: (value) => set(name, value),
    }),
    submit: async (checks, send) => {
      const wrong = checked(values, checks);
      setErrors(wrong);
      fail(null);
      if (Object.keys(wrong).length > 0) {
        focusFirstError();
        return false;
      }
      setBusy(true);
      try {
        await send();
        return true;
      } catch (caught) {
        explain(caught);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
