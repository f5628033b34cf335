// The conditions of a trigger: each a fact, how it is compared, and a value.

import plus from "icon:plus";
import trash from "icon:trash";
import { useId } from "preact/hooks";
import { Icon } from "../../shared/ui/icon.tsx";
import { tt } from "../state/trigger-words.ts";
import {
  beginning,
  DEVICES,
  FACTS,
  type FactName,
  GROUPS,
  type Group,
  isFact,
  MOST_CONDITIONS,
  type Row,
  rowsOf,
  type Values,
  waysOf,
  withRows,
} from "../state/triggers.ts";
import { IconButton } from "./button.tsx";
import type { Form } from "./form.ts";

const GROUP_NAMES = Object.keys(GROUPS) as Group[];

interface SelectProps {
  label: string;
  name: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChoose(value: string): void;
  note?: string | undefined;
}

function Select({ label, name, value, options, note, onChoose }: SelectProps) {
  return (
    <select
      name={name}
      aria-label={label}
      aria-describedby={note}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}

function FactSelect(props: {
  name: string;
  fact: FactName;
  onChoose(fact: FactName): void;
}) {
  return (
    <select
      name={props.name}
      aria-label={tt("fact")}
      value={props.fact}
      onChange={({ currentTarget }) => {
        if (isFact(currentTarget.value)) {
          props.onChoose(currentTarget.value);
        }
      }}
    >
      {GROUP_NAMES.map((group) => (
        <optgroup key={group} label={tt(`group.${group}`)}>
          {GROUPS[group].map((fact) => (
            <option key={fact} value={fact}>
              {tt(`fact.${fact}`)}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

interface InputProps {
  label: string;
  name: string;
  form: Form<Values>;
  digits?: boolean;
  placeholder?: string;
  maxLength: number;
  note: string;
}

function Input(props: InputProps) {
  const { label, name, form, digits, maxLength, note } = props;
  const { value, error, onInput } = form.bind(name);
  return (
    <input
      type="text"
      name={name}
      aria-label={label}
      aria-invalid={error !== undefined}
      aria-describedby={note}
      inputMode={digits ? "numeric" : undefined}
      placeholder={props.placeholder}
      maxLength={maxLength}
      autocomplete="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

/** What a value of this fact is typed or chosen in; none for an average. */
function Value(props: {
  row: Row;
  name: string;
  form: Form<Values>;
  note: string;
}) {
  const { row, name, form, note } = props;
  const { kind, unit } = FACTS[row.fact];
  const options: [string, string][] =
    kind === "flag"
      ? [
          ["true", tt("yes")],
          ["false", tt("no")],
        ]
      : DEVICES.map((device) => [device, tt(`device.${device}`)]);

  if (row.op === "average") {
    return null;
  }
  if (kind === "flag" || kind === "device") {
    return (
      <Select
        label={tt("value")}
        name={name}
        value={row.value}
        options={options}
        note={note}
        onChoose={(value) => form.set(name, value)}
      />
    );
  }
  return (
    <span class="condition-value">
      <Input
        label={unit ? `${tt("value")} (${tt(`in.${unit}`)})` : tt("value")}
        name={name}
        form={form}
        digits={kind === "number"}
        maxLength={kind === "number" ? 10 : 200}
        note={note}
      />
      {unit && <small aria-hidden="true">{tt(`sign.${unit}`)}</small>}
    </span>
  );
}

function hintOf({ op }: Row): string | undefined {
  return op === "average"
    ? tt("averageHint")
    : op === "matches"
      ? tt("patternHint")
      : undefined;
}

interface RowProps {
  row: Row;
  index: number;
  form: Form<Values>;
  onChange(row: Partial<Row>): void;
  onRemove(): void;
}

function ConditionRow({ row, index, form, onChange, onRemove }: RowProps) {
  const id = useId();
  const at = `conditions.${index}`;
  const wrong = ["", ".fact", ".op", ".name", ".value"]
    .map((part) => form.bind(at + part).error)
    .find(Boolean);
  const note = wrong ?? hintOf(row);
  return (
    <li class="condition">
      <fieldset>
        <legend class="lc-hidden">{tt("condition", { n: index + 1 })}</legend>
        <FactSelect
          name={`${at}.fact`}
          fact={row.fact}
          onChoose={(fact) => onChange({ fact, name: "", ...waysFor(fact) })}
        />
        {row.fact === "custom" && (
          <Input
            label={tt("customName")}
            placeholder={tt("customName")}
            name={`${at}.name`}
            form={form}
            maxLength={23}
            note={id}
          />
        )}
        {FACTS[row.fact].kind !== "flag" && (
          <Select
            label={tt("op")}
            name={`${at}.op`}
            value={row.op}
            options={waysOf(row.fact).map((way) => [way, tt(`op.${way}`)])}
            note={id}
            onChoose={(op) => onChange({ op: op as Row["op"] })}
          />
        )}
        <Value row={row} name={`${at}.value`} form={form} note={id} />
        <IconButton
          icon={trash}
          label={tt("removeCondition", { n: index + 1 })}
          onClick={onRemove}
        />
      </fieldset>
      <p id={id} class={wrong ? "field-error" : "field-hint"}>
        {note}
      </p>
    </li>
  );
}

function waysFor(fact: FactName): Pick<Row, "op" | "value"> {
  const { op, value } = beginning(fact);
  return { op: op as Row["op"], value };
}

export function ConditionRows({ form }: { form: Form<Values> }) {
  const rows = rowsOf(form.values);
  const put = (all: readonly Row[]) => form.fill(withRows(form.values, all));
  const add = () => {
    put([...rows, { fact: "page", name: "", ...waysFor("page") }]);
    focusOn(`conditions.${rows.length}.fact`);
  };
  return (
    <div class="conditions">
      {rows.length === 0 && <p class="field-hint">{tt("noCondition")}</p>}
      <ol>
        {rows.map((row, index) => (
          <ConditionRow
            key={index}
            row={row}
            index={index}
            form={form}
            onChange={(change) =>
              put(
                rows.map((one, at) =>
                  at === index ? { ...one, ...change } : one,
                ),
              )
            }
            onRemove={() => {
              put(rows.filter((_, at) => at !== index));
              focusOn("add-condition");
            }}
          />
        ))}
      </ol>
      {rows.length < MOST_CONDITIONS ? (
        <button type="button" class="button" name="add-condition" onClick={add}>
          <Icon nodes={plus} size={16} />
          {tt("addCondition")}
        </button>
      ) : (
        <p class="field-hint">{tt("full")}</p>
      )}
    </div>
  );
}

/** Once it is drawn. */
function focusOn(name: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  });
}
