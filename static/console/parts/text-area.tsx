// A labelled field of several lines.

import type { ComponentChildren, Ref } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  name: string;
  value: string;
  onInput(value: string): void;
  hint?: string;
  error?: string | undefined;
  maxLength?: number;
  rows?: number;
  /** Beside the label. */
  tool?: ComponentChildren;
  areaRef?: Ref<HTMLTextAreaElement>;
}

export function TextArea(props: Props) {
  const { label, name, value, hint, error, maxLength } = props;
  const id = useId();
  const note = error ?? hint;
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        {props.tool}
      </div>
      <textarea
        id={id}
        name={name}
        value={value}
        maxLength={maxLength}
        rows={props.rows ?? 3}
        dir="auto"
        ref={props.areaRef ?? null}
        aria-invalid={error !== undefined}
        aria-describedby={note ? `${id}n` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      {note && (
        <p id={`${id}n`} class={error ? "field-error" : "field-hint"}>
          {note}
        </p>
      )}
    </div>
  );
}
