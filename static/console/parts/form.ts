// The life of a form: its values, what the server says of its fields, and
// that it is sent once.

import { useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { t } from "../i18n.ts";
import { problemText } from "../state/names.ts";

export type Values = Readonly<Record<string, string>>;

/** The field that is to blame for a problem that names none. */
export type Blame = (problem: Problem) => [field: string, text: string] | null;

export interface Form<V extends Values> {
  readonly values: V;
  readonly busy: boolean;
  readonly error: string | null;
  readonly errors: Partial<Record<keyof V, string>>;
  set(name: keyof V, value: string): void;
  /** True when it went through. */
  submit(check: Checks<V>, send: () => Promise<void>): Promise<boolean>;
  fail(text: string): void;
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

function checked<V extends Values>(
  values: V,
  checks: Checks<V>,
): Partial<Record<keyof V, string>> {
  const errors: Partial<Record<keyof V, string>> = {};
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

export function useForm<V extends Values>(first: V, blame: Blame): Form<V> {
  const [values, setValues] = useState(first);
  const [busy, setBusy] = useState(false);
  const [error, fail] = useState<string | null>(null);
  const [errors, setErrors] = useState<Form<V>["errors"]>({});

  const explain = (caught: unknown) => {
    const found = caught instanceof Problem ? blame(caught) : null;
    const [field, text] =
      found ??
      (caught instanceof Problem && caught.field && caught.field in values
        ? [caught.field, caught.detail ?? t("error.invalid")]
        : ["", problemText(caught)]);
    if (field) {
      setErrors({ [field]: text } as Form<V>["errors"]);
      focusFirstError();
    } else {
      fail(text);
    }
  };

  return {
    values,
    busy,
    error,
    errors,
    fail,
    set: (name, value) => {
      setValues({ ...values, [name]: value });
      setErrors({ ...errors, [name]: undefined });
      fail(null);
    },
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
