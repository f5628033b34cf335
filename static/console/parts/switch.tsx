// Something that is on or off, at once.

interface Props {
  label: string;
  /** The label is for who can't see what it belongs to. */
  bare?: boolean;
  on: boolean;
  onChange(on: boolean): void;
}

export function Switch({ label, bare, on, onChange }: Props) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class={bare ? "lc-hidden" : undefined}>{label}</span>
    </label>
  );
}
