// A labelled field with its hint and its error, tied together for everybody.

import eye from "icon:eye";
import eyeOff from "icon:eye-off";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { IconButton } from "./button.tsx";

interface Props {
  label: string;
  name: string;
  value: string;
  onInput(value: string): void;
  hint?: string;
  error?: string | undefined;
  password?: boolean;
  autocomplete?: string;
  focus?: boolean;
  maxLength?: number;
  placeholder?: string;
  /** Digits, on a phone's keyboard. */
  digits?: boolean;
  type?: "text" | "time";
  /** To choose from, or to type something else. */
  offers?: readonly string[];
}

export function Field(props: Props) {
  const { label, name, value, hint, error, password } = props;
  const [shown, setShown] = useState(false);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { focus } = props;
  useLayoutEffect(() => {
    if (focus) {
      input.current?.focus();
    }
  }, [focus]);
  const note = error ?? hint;
  const hidden = password && !shown;
  const common = {
    id,
    name,
    value,
    autocomplete: props.autocomplete ?? "off",
    autocapitalize: "none" as const,
    spellcheck: false,
    maxLength: props.maxLength ?? 200,
    placeholder: props.placeholder,
    inputMode: props.digits ? ("numeric" as const) : undefined,
    list: props.offers ? `${id}l` : undefined,
    "aria-invalid": error !== undefined,
    "aria-describedby": note ? `${id}n` : undefined,
    ref: input,
    "data-first": props.focus || undefined,
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      props.onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-box">
        {hidden ? (
          <input type="password" {...common} />
        ) : (
          <input type={props.type ?? "text"} {...common} />
        )}
        {props.offers && (
          <datalist id={`${id}l`}>
            {props.offers.map((offer) => (
              <option key={offer} value={offer} />
            ))}
          </datalist>
        )}
        {password && (
          <IconButton
            icon={shown ? eyeOff : eye}
            label={t(shown ? "field.hide" : "field.show")}
            onClick={() => setShown(!shown)}
          />
        )}
      </div>
      {note && (
        <p id={`${id}n`} class={error ? "field-error" : "field-hint"}>
          {note}
        </p>
      )}
    </div>
  );
}
