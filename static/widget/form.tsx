// What is to be said before a chat, in the composer's place.

import { useEffect, useRef, useState } from "preact/hooks";
import type { AskedField, AskedForm } from "../shared/types.ts";
import { usePanel } from "./context.ts";

type Values = Record<string, string>;
type Wrong = Record<string, "formNeeded" | "formEmail" | "formPhone">;

/** What the server refuses is refused here before, in the visitor's words. */
export function wrongIn(fields: readonly AskedField[], values: Values): Wrong {
  const wrong: Wrong = {};

  for (const { name, type, required } of fields) {
    const value = values[name]?.trim() ?? "";

    if (value === "") {
      if (required) {
        wrong[name] = "formNeeded";
      }
    } else if (type === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) {
      wrong[name] = "formEmail";
    } else if (
      type === "phone" &&
      (!/^[\d +\-./()x#*,]+$/.test(value) ||
        !/^\d{3,30}$/.test(value.replace(/\D/g, "")))
    ) {
      wrong[name] = "formPhone";
    }
  }

  return wrong;
}

const LIMITS = {
  name: 100,
  email: 200,
  phone: 200,
  line: 200,
  text: 1000,
  choice: undefined,
};

const FILLED = { name: "name", email: "email", phone: "tel" } as const;
const LABELS = {
  name: "formName",
  email: "formMail",
  phone: "formTel",
} as const;

type Own = keyof typeof LABELS;

interface Props {
  form: AskedForm;
  /** Nothing was said yet: there is no log above. */
  alone: boolean;
  /** Takes the focus when it comes. */
  focus: boolean;
  onDone(): void;
}

export function Form(props: Props) {
  const { store, t } = usePanel();
  const { form } = props;
  const [values, setValues] = useState<Values>({});
  const [wrong, setWrong] = useState<Wrong>({});
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const root = useRef<HTMLFormElement>(null);
  const welcome = store.chat.value?.texts.welcome;

  const focusOn = (name: string | undefined) =>
    requestAnimationFrame(() =>
      root.current
        ?.querySelector<HTMLElement>(name ? `[name="${name}"]` : "[name]")
        ?.focus(),
    );

  useEffect(() => {
    if (props.focus) {
      focusOn(undefined);
    }
  }, []);

  const complain = (found: Wrong) => {
    setWrong(found);
    focusOn(form.fields.find(({ name }) => found[name])?.name);
  };

  const submit = async () => {
    const found = wrongIn(form.fields, values);

    setFailed(false);

    if (busy || Object.keys(found).length > 0) {
      complain(found);
      return;
    }

    setBusy(true);
    const refused = await store.fill(values);
    setBusy(false);

    if (refused === undefined) {
      props.onDone();
    } else if (refused in names(form.fields)) {
      complain({ [refused]: "formNeeded" });
    } else {
      setFailed(true);
    }
  };

  return (
    <form
      ref={root}
      class={props.alone ? "form alone" : "form"}
      noValidate
      aria-labelledby="lc-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {props.alone && welcome && (
        <p class="lead" dir="auto">
          {welcome}
        </p>
      )}
      <h3 id="lc-form">{t("formTitle")}</h3>
      {form.intro && <p dir="auto">{form.intro}</p>}
      {form.fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          error={wrong[field.name] && t(wrong[field.name] ?? "formNeeded")}
          onInput={(value) => {
            setValues({ ...values, [field.name]: value });
            setWrong({ ...wrong, [field.name]: undefined } as Wrong);
          }}
        />
      ))}
      <Privacy form={form} />
      {failed && (
        <p class="wrong" role="alert">
          {t("formFailed")}
        </p>
      )}
      <button type="submit" class="primary" aria-disabled={busy}>
        {t("formSend")}
      </button>
    </form>
  );
}

/** By name, to look names up. */
function names(fields: readonly AskedField[]): Record<string, true> {
  return Object.fromEntries(fields.map(({ name }) => [name, true]));
}

function Privacy({ form }: { form: AskedForm }) {
  const { t } = usePanel();

  return form.privacy || form.link ? (
    <p class="privacy" dir="auto">
      {form.privacy}{" "}
      {form.link && (
        <a href={form.link} target="_blank" rel="noopener">
          {t("formPrivacy")}
        </a>
      )}
    </p>
  ) : null;
}

interface FieldProps {
  field: AskedField;
  value: string;
  error: string | undefined;
  onInput(value: string): void;
}

function Field({ field, value, error, onInput }: FieldProps) {
  const { t } = usePanel();
  const id = `lc-f-${field.name}`;
  const { type, label, required } = field;

  return (
    <div class="asked">
      <label for={id} dir="auto">
        {label || (type in LABELS ? t(LABELS[type as Own]) : "")}
        {!required && <small> {t("formOptional")}</small>}
      </label>
      <Input
        field={field}
        common={{
          id,
          name: field.name,
          value,
          required,
          "aria-invalid": error !== undefined,
          "aria-describedby": error === undefined ? undefined : `${id}-e`,
          onInput: (event: { currentTarget: { value: string } }) =>
            onInput(event.currentTarget.value),
        }}
      />
      {error !== undefined && (
        <p class="wrong" id={`${id}-e`}>
          {error}
        </p>
      )}
    </div>
  );
}

function Input(props: { field: AskedField; common: Record<string, unknown> }) {
  const { t } = usePanel();
  const { field, common } = props;
  const { type, choices } = field;

  if (type === "choice") {
    return (
      <select {...common}>
        <option value="">{t("formChoose")}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }

  if (type === "text") {
    return <textarea {...common} rows={3} maxLength={LIMITS.text} dir="auto" />;
  }

  const more: Record<string, unknown> = {
    ...common,
    type: type === "email" ? "email" : type === "phone" ? "tel" : "text",
    autocomplete: type in FILLED ? FILLED[type as Own] : "off",
    maxLength: LIMITS[type],
    dir: "auto",
  };

  return <input {...more} />;
}
