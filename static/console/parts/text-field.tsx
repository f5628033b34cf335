// A labelled field of several lines.

import { useId } from "preact/hooks";

interface Props {
  label: string;
  name: string;
  value: string;
  rows: number;
  maxLength?: number;
  hint?: string;
  error?: string | undefined;
  onInput(value: string): void;
}

export function TextField(props: Props) {
  const { label, name, value, rows, hint, error } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        value={value}
        maxLength={props.maxLength}
        dir="auto"
        aria-invalid={error !== undefined}
        aria-describedby={note ? `${id}n` : undefined}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
      {note && (
        <p id={`${id}n`} class={error ? "field-error" : "field-hint"}>
          {note}
        </p>
      )}
    </div>
  );
}
