// One trigger, with the invitation beside it as visitors will see it.

import braces from "icon:braces";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Problem } from "../../shared/api.ts";
import type { Look, TriggerBody } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { t } from "../i18n.ts";
import { hrefOf, move } from "../router.ts";
import { api } from "../state/api.ts";
import { say } from "../state/notices.ts";
import { colleagues } from "../state/team.ts";
import { conditionsInWords, dayName, tt } from "../state/trigger-words.ts";
import {
  EMPTY,
  EXAMPLE_NAMES,
  EXAMPLES,
  type ExampleName,
  FACTS,
  fill,
  MOST_TEXT,
  rowsOf,
  toBody,
  toValues,
  type Values,
  WEEK,
} from "../state/triggers.ts";
import { ConditionRows } from "./condition-rows.tsx";
import { Field } from "./field.tsx";
import { type Checks, type Form, required, useForm } from "./form.ts";
import { FormBox } from "./form-box.tsx";
import { InvitePreview } from "./invite-preview.tsx";
import { Popover } from "./popover.tsx";
import { Segments } from "./segments.tsx";
import { Switch } from "./switch.tsx";
import { TextArea } from "./text-area.tsx";
import { ThemeChoice } from "./theme-choice.tsx";
import { Unsaved } from "./unsaved.tsx";

const VARIABLES = [
  "visitor.name",
  "cart.amount",
  "cart.currency",
  "country",
  "custom",
] as const;

type Variable = (typeof VARIABLES)[number];

/** As it stands in a text, with what is said where it is not known. */
function variable(name: Variable): string {
  const otherwise = tt(`else.${name}`);
  const called = name === "custom" ? "custom.plan" : name;
  return `{{${called}${otherwise && `|${otherwise}`}}}`;
}

export function example(name: ExampleName): TriggerBody {
  return {
    ...EMPTY,
    hours: { days: WEEK, from: "00:00", to: "00:00" },
    name: tt(`example.${name}`),
    conditions: [...EXAMPLES[name]],
    text:
      name === "long"
        ? tt("example.longText", { visitor: variable("visitor.name") })
        : name === "cart"
          ? tt("example.cartText", {
              amount: "{{cart.amount}} {{cart.currency}}",
            })
          : tt(`example.${name}Text`),
  };
}

export function nothing(): TriggerBody {
  return { ...EMPTY, hours: { days: WEEK, from: "00:00", to: "00:00" } };
}

function whole(min: number, max: number) {
  return (value: string) =>
    /^\d{1,10}$/.test(value.trim()) &&
    Number(value) >= min &&
    Number(value) <= max
      ? undefined
      : tt("range", { min, max });
}

function time(value: string): string | undefined {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : tt("time");
}

function checksOf(values: Values): Checks<Values> {
  const checks: Checks<Values> = {
    name: required,
    text: required,
    share: whole(1, 100),
    delay: whole(0, 600),
    quiet_days: whole(1, 365),
  };
  if (values["timed"]) {
    checks["hours.from"] = time;
    checks["hours.to"] = time;
    checks["hours.days"] = (days) => (days ? undefined : tt("oneDay"));
  }
  rowsOf(values).forEach(({ fact, op }, index) => {
    if (fact === "custom") {
      checks[`conditions.${index}.name`] = required;
    }
    if (op !== "average") {
      checks[`conditions.${index}.value`] =
        FACTS[fact].kind === "number" ? whole(0, 1_000_000_000) : required;
    }
  });
  return checks;
}

/** A field that the form has in parts, or by another name. */
function blame({ field, detail }: Problem): [string, string] | null {
  const at =
    field === "hours"
      ? "hours.from"
      : field && /^conditions\.\d+$/.test(field)
        ? `${field}.value`
        : undefined;
  return at ? [at, detail ?? t("error.invalid")] : null;
}

function Insert({ onInsert }: { onInsert(name: Variable): void }) {
  return (
    <Popover
      class="insert"
      label={tt("insert")}
      button={
        <>
          <Icon nodes={braces} size={16} />
          {tt("insert")}
        </>
      }
    >
      {(close) => (
        <>
          <ul class="menu">
            {VARIABLES.map((name) => (
              <li key={name}>
                <button
                  type="button"
                  onClick={() => {
                    close();
                    onInsert(name);
                  }}
                >
                  <span>
                    {tt(`var.${name}`)}
                    <small>{variable(name)}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <p class="menu-note field-hint">{tt("insertHint")}</p>
        </>
      )}
    </Popover>
  );
}

/** Puts it where the caret is, and marks what is said instead of it. */
function insertInto(
  area: HTMLTextAreaElement | null,
  name: Variable,
  form: Form<Values>,
): void {
  const text = form.values["text"] ?? "";
  const from = area?.selectionStart ?? text.length;
  const to = area?.selectionEnd ?? from;
  const what = variable(name);
  const bar = what.indexOf("|");
  const next = text.slice(0, from) + what + text.slice(to);
  form.set("text", next);
  if (area) {
    // now, not when it is drawn: the next key may come before that
    area.value = next;
    area.focus();
    area.setSelectionRange(
      from + (bar < 0 ? what.length : bar + 1),
      from + (bar < 0 ? what.length : what.length - 2),
    );
  }
}

function Says({ form }: { form: Form<Values> }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const n = Array.from(form.values["text"] ?? "").length;
  return (
    <fieldset class="rule-part">
      <legend>{tt("says")}</legend>
      <TextArea
        label={tt("text")}
        name="text"
        maxLength={MOST_TEXT}
        hint={tt("textHint", { n, most: MOST_TEXT })}
        areaRef={area}
        tool={
          <Insert onInsert={(name) => insertInto(area.current, name, form)} />
        }
        {...form.bind("text")}
      />
      <div class="pair">
        <Field
          label={tt("sender")}
          hint={tt("senderHint")}
          name="sender"
          maxLength={100}
          offers={colleagues.value.map(({ name }) => name)}
          {...form.bind("sender")}
        />
        <Field
          label={tt("delay")}
          hint={tt("delayHint")}
          name="delay"
          digits
          maxLength={3}
          {...form.bind("delay")}
        />
      </div>
    </fieldset>
  );
}

function Days({ form }: { form: Form<Values> }) {
  const { value, error, onInput } = form.bind("hours.days");
  const id = useId();
  return (
    <fieldset class="field days">
      <legend>{tt("days")}</legend>
      <div>
        {WEEK.map((day) => {
          const on = value.includes(String(day));
          return (
            <button
              key={day}
              type="button"
              name="hours.days"
              aria-pressed={on}
              aria-label={dayName(day, "long")}
              aria-invalid={error !== undefined}
              aria-describedby={error && id}
              onClick={() =>
                onInput(
                  WEEK.filter((one) =>
                    one === day ? !on : value.includes(String(one)),
                  ).join(""),
                )
              }
            >
              {dayName(day, "short")}
            </button>
          );
        })}
      </div>
      {error && (
        <p id={id} class="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Limits({ form }: { form: Form<Values> }) {
  const flag = (name: string) => ({
    on: Boolean(form.values[name]),
    onChange: (on: boolean) => form.set(name, on ? "1" : ""),
  });
  return (
    <fieldset class="rule-part">
      <legend>{tt("limits")}</legend>
      <Switch label={tt("attended")} {...flag("attended")} />
      <Switch
        label={tt("hours")}
        on={Boolean(form.values["timed"])}
        onChange={(on) =>
          form.fill({
            ...form.values,
            timed: on ? "1" : "",
            ...(on &&
              form.values["hours.from"] === form.values["hours.to"] && {
                "hours.from": "09:00",
                "hours.to": "18:00",
              }),
          })
        }
      />
      {form.values["timed"] && (
        <>
          <Days form={form} />
          <div class="pair">
            <Field
              label={tt("from")}
              name="hours.from"
              type="time"
              {...form.bind("hours.from")}
            />
            <Field
              label={tt("to")}
              name="hours.to"
              type="time"
              {...form.bind("hours.to")}
            />
          </div>
          <p class="field-hint">{tt("hoursHint")}</p>
        </>
      )}
      <div class="pair">
        <Field
          label={tt("share")}
          hint={tt("shareHint")}
          name="share"
          digits
          maxLength={3}
          {...form.bind("share")}
        />
        <Field
          label={tt("quiet")}
          name="quiet_days"
          digits
          maxLength={3}
          {...form.bind("quiet_days")}
        />
      </div>
    </fieldset>
  );
}

const NOBODY = {};

function somebody(): Record<string, string> {
  return {
    "visitor.name": tt("previewName"),
    "cart.amount": "129.90",
    "cart.currency": "EUR",
    country: tt("previewCountry"),
    "custom.plan": tt("previewFact"),
  };
}

/** Without an answer the preview has the usual colours. */
function useLook(): Look | undefined {
  const [look, setLook] = useState<Look>();
  useEffect(() => {
    api.brand().then(
      ({ brand }) => setLook(brand),
      () => undefined,
    );
  }, []);
  return look;
}

function Beside({ values }: { values: Values }) {
  const [known, setKnown] = useState<"known" | "unknown">("known");
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const look = useLook();
  const text = values["text"]?.trim() ?? "";
  const body = toBody(values);
  return (
    <section class="rule-beside" aria-label={tt("preview")}>
      <div class="rule-shows">
        <Segments
          label={tt("preview")}
          value={known}
          options={[
            ["known", tt("previewKnown")],
            ["unknown", tt("previewUnknown")],
          ]}
          onChoose={(value) => setKnown(value)}
        />
        <ThemeChoice
          label={t("account.theme")}
          value={theme}
          onChoose={setTheme}
        />
      </div>
      <InvitePreview
        look={look}
        theme={theme}
        text={fill(text, known === "known" ? somebody() : NOBODY)}
        sender={body.sender}
      />
      {!text && <p class="field-hint">{tt("previewEmpty")}</p>}
      <h2>{tt("summary")}</h2>
      <p>{conditionsInWords(body)}</p>
    </section>
  );
}

function Examples({ form }: { form: Form<Values> }) {
  return (
    <fieldset class="examples">
      <legend>{tt("examples")}</legend>
      {EXAMPLE_NAMES.map((name) => (
        <button
          key={name}
          type="button"
          class="button"
          onClick={() => form.fill(toValues(example(name)))}
        >
          {tt(`example.${name}`)}
        </button>
      ))}
    </fieldset>
  );
}

interface Props {
  /** null: a new one. */
  id: number | null;
  /** What the form begins with, and whether that is there already. */
  first: TriggerBody;
  saved: boolean;
  onSaved(): void;
}

const LIST = { name: "triggers" } as const;

export function TriggerEditor({ id, first, saved, onSaved }: Props) {
  const before = toValues(first);
  const form = useForm<Values>(before, blame);
  const { values } = form;
  const same =
    JSON.stringify(toBody(values)) === JSON.stringify(toBody(before));
  const submit = async () => {
    const through = await form.submit(checksOf(values), async () => {
      const body = toBody(values);
      await (id === null ? api.addTrigger(body) : api.setTrigger(id, body));
    });
    if (through) {
      say(tt("saved"));
      onSaved();
      move(LIST);
    }
  };
  return (
    <>
      {id === null && same && !saved && <Examples form={form} />}
      <div class="rule-page">
        <FormBox error={form.error} onSubmit={() => void submit()}>
          <fieldset class="rule-part">
            <legend class="lc-hidden">{tt("name")}</legend>
            <Field
              label={tt("name")}
              hint={tt("nameHint")}
              name="name"
              maxLength={100}
              {...form.bind("name")}
            />
            <Switch
              label={tt("enabled")}
              on={Boolean(values["enabled"])}
              onChange={(on) => form.set("enabled", on ? "1" : "")}
            />
          </fieldset>
          <fieldset class="rule-part">
            <legend>{tt("when")}</legend>
            {rowsOf(values).length > 1 && (
              <Segments
                label={tt("match")}
                value={values["match"] === "any" ? "any" : "all"}
                options={[
                  ["all", tt("match.all")],
                  ["any", tt("match.any")],
                ]}
                onChoose={(match) => form.set("match", match)}
              />
            )}
            <ConditionRows form={form} />
          </fieldset>
          <Says form={form} />
          <Limits form={form} />
          <div class="buttons">
            <button
              type="submit"
              class="button primary"
              disabled={form.busy || (same && saved)}
            >
              {t("save")}
            </button>
            <a class="button" href={hrefOf(LIST)}>
              {t("cancel")}
            </a>
          </div>
        </FormBox>
        <Beside values={values} />
      </div>
      <Unsaved when={!same && !form.busy} />
    </>
  );
}
