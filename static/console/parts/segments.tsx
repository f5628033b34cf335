// One of a few, all of them in sight.

interface Props<V extends string> {
  label: string;
  value: V;
  options: readonly (readonly [value: V, text: string])[];
  onChoose(value: V): void;
}

export function Segments<V extends string>(props: Props<V>) {
  return (
    <fieldset class="field segments">
      <legend>{props.label}</legend>
      <div>
        {props.options.map(([value, text]) => (
          <button
            key={value}
            type="button"
            aria-pressed={props.value === value}
            onClick={() => props.onChoose(value)}
          >
            {text}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
