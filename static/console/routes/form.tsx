// The form before a chat, with what visitors will see beside it.

import arrowDown from "icon:arrow-down";
import arrowUp from "icon:arrow-up";
import x from "icon:x";
import { useRef, useState } from "preact/hooks";
import { isProblem } from "../../shared/api.ts";
import type {
  AskedForm,
  Branding,
  Form,
  FormField,
  FormType,
} from "../../shared/types.ts";
import { language as spokenHere, t } from "../i18n.ts";
import { IconButton } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { FormBox } from "../parts/form-box.tsx";
import { lazy } from "../parts/lazy.tsx";
import type { Language } from "../parts/preview.tsx";
import { SaveButtons } from "../parts/save-buttons.tsx";
import { Segments } from "../parts/segments.tsx";
import { SettingsPage } from "../parts/settings-page.tsx";
import { TextArea } from "../parts/text-area.tsx";
import { ThemeChoice } from "../parts/theme-choice.tsx";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { offer, say } from "../state/notices.ts";

const Preview = lazy(() => import("../parts/preview.tsx"));

const LANGUAGES: Record<Language, string> = {
  en: "English",
  fr: "Français",
  de: "Deutsch",
};
const ASKS = ["never", "always", "away", "doubt"] as const;
const TYPES = ["name", "email", "phone", "line", "text", "choice"] as const;
const ONCE: readonly FormType[] = ["name", "email", "phone"];
const MAX_FIELDS = 8;
const NONE = { en: "", fr: "", de: "" };

/** A name that no field has; visitors never see it. */
function freshName(fields: readonly FormField[]): string {
  let n = fields.length + 1;
  while (fields.some(({ name }) => name === `f${n}`)) {
    n++;
  }
  return `f${n}`;
}

function newField(fields: readonly FormField[]): FormField {
  const type = ONCE.find((one) => !fields.some((f) => f.type === one));
  return {
    name: freshName(fields),
    type: type ?? "line",
    required: true,
    labels: NONE,
    choices: [],
  };
}

/** As the server gives it to a visitor of this language. */
function asked(form: Form, language: Language): AskedForm {
  const say = (all: Record<Language, string>) =>
    all[language] || all.en || all.fr || all.de;
  const { texts } = form;
  const each = (word: "intro" | "privacy") =>
    say({ en: texts.en[word], fr: texts.fr[word], de: texts.de[word] });
  return {
    ask: "always",
    link: form.link,
    intro: each("intro"),
    privacy: each("privacy"),
    fields: form.fields.map((field) => ({
      ...field,
      label: say(field.labels),
      choices: field.type === "choice" ? field.choices : [],
    })),
  };
}

function wrongWith(field: FormField): string | undefined {
  if (
    !ONCE.includes(field.type) &&
    !Object.values(field.labels).some(Boolean)
  ) {
    return t("form.needsLabel");
  }
  const { length } = field.choices.filter((choice) => choice.trim() !== "");
  return field.type === "choice" && length < 2
    ? t("form.needsChoices")
    : undefined;
}

interface ItemProps {
  field: FormField;
  fields: readonly FormField[];
  language: Language;
  error: string | undefined;
  onChange(field: FormField): void;
  onMove(by: -1 | 1): void;
  onRemove(): void;
}

function Item(props: ItemProps) {
  const { field, fields, language, onChange } = props;
  const at = fields.indexOf(field);
  const types = TYPES.filter(
    (type) =>
      type === field.type ||
      !ONCE.includes(type) ||
      !fields.some((other) => other.type === type),
  );
  return (
    <li class="form-item">
      <div class="form-item-head">
        <label class="field">
          <span>{t("form.type")}</span>
          <select
            name="type"
            value={field.type}
            onChange={({ currentTarget }) =>
              onChange({ ...field, type: currentTarget.value as FormType })
            }
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {t(`form.type.${type}`)}
              </option>
            ))}
          </select>
        </label>
        <IconButton
          icon={arrowUp}
          label={t("form.up")}
          disabled={at === 0}
          onClick={() => props.onMove(-1)}
        />
        <IconButton
          icon={arrowDown}
          label={t("form.down")}
          disabled={at === fields.length - 1}
          onClick={() => props.onMove(1)}
        />
        <IconButton
          icon={x}
          label={t("form.remove")}
          onClick={props.onRemove}
        />
      </div>
      <Field
        label={t("form.label", { language: LANGUAGES[language] })}
        hint={ONCE.includes(field.type) ? t("form.labelHint") : ""}
        name="label"
        maxLength={80}
        value={field.labels[language]}
        error={props.error}
        onInput={(value) =>
          onChange({ ...field, labels: { ...field.labels, [language]: value } })
        }
      />
      {field.type === "choice" && (
        <TextArea
          label={t("form.choices")}
          name="choices"
          rows={3}
          value={field.choices.join("\n")}
          onInput={(value) =>
            onChange({ ...field, choices: value.split("\n") })
          }
        />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={field.required}
          onChange={({ currentTarget }) =>
            onChange({ ...field, required: currentTarget.checked })
          }
        />
        <span>{t("form.required")}</span>
      </label>
    </li>
  );
}

interface ListProps {
  form: Form;
  language: Language;
  errors: Record<string, string>;
  onChange(fields: FormField[]): void;
}

function Fields({ form, language, errors, onChange }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const { fields } = form;
  const latest = useRef(fields);
  latest.current = fields;

  const move = (at: number, by: -1 | 1) => {
    const next = [...fields];
    next.splice(at + by, 0, ...next.splice(at, 1));
    onChange(next);
    // the button goes with its field; at an end it can't be pressed
    requestAnimationFrame(() => {
      const buttons = list.current?.children[at + by]?.querySelectorAll(
        ".form-item-head button",
      );
      const [up, down] = buttons ?? [];
      const wanted = (by < 0 ? up : down) as HTMLButtonElement | undefined;
      const other = (by < 0 ? down : up) as HTMLButtonElement | undefined;
      (wanted?.disabled ? other : wanted)?.focus();
    });
  };
  const remove = (at: number) => {
    const field = fields[at] as FormField;
    onChange(fields.filter((one) => one !== field));
    requestAnimationFrame(() => {
      const next = list.current?.children[at] ?? list.current?.lastElementChild;
      (next?.querySelector("select") ?? add.current)?.focus();
    });
    offer(t("form.removed"), {
      label: t("blocks.undo"),
      run: () => {
        const back = [...latest.current];
        back.splice(at, 0, field);
        onChange(back.slice(0, MAX_FIELDS));
      },
    });
  };

  return (
    <fieldset class="form-fields">
      <legend>{t("form.fields")}</legend>
      <ol ref={list}>
        {fields.map((field, at) => (
          <Item
            key={field.name}
            field={field}
            fields={fields}
            language={language}
            error={errors[field.name]}
            onChange={(next) =>
              onChange(fields.map((one) => (one === field ? next : one)))
            }
            onMove={(by) => move(at, by)}
            onRemove={() => remove(at)}
          />
        ))}
      </ol>
      <button
        ref={add}
        type="button"
        class="button"
        disabled={fields.length === MAX_FIELDS}
        onClick={() => {
          onChange([...fields, newField(fields)]);
          requestAnimationFrame(() =>
            list.current?.lastElementChild?.querySelector("select")?.focus(),
          );
        }}
      >
        {t("form.add")}
      </button>
    </fieldset>
  );
}

interface Saved {
  form: Form;
  branding: Branding;
}

function Editor(props: { saved: Saved; onSaved(form: Form): void }) {
  const { form: saved, branding } = props.saved;
  const [form, setForm] = useState(saved);
  const [language, setLanguage] = useState<Language>(
    spokenHere.value?.name ?? "en",
  );
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const changed = JSON.stringify(form) !== JSON.stringify(saved);
  const set = (change: Partial<Form>) => setForm({ ...form, ...change });
  const words = form.texts[language];
  const word = (name: "intro" | "privacy") => (value: string) =>
    set({
      texts: { ...form.texts, [language]: { ...words, [name]: value } },
    });
  const own = branding.brand.texts[language];
  const standard = branding.standard[language];

  const undo = async () => {
    try {
      props.onSaved((await api.setForm(saved)).form);
      say(t("brand.undone"));
    } catch (failure) {
      say(problemText(failure), true);
    }
  };
  const submit = async () => {
    const wrong = Object.fromEntries(
      form.fields.flatMap((field) => {
        const why = wrongWith(field);
        return why ? [[field.name, why]] : [];
      }),
    );
    const link = /^(\/(?![/\\])|https:\/\/).|^$/.test(form.link);
    setErrors(link ? wrong : { ...wrong, "": t("form.linkHint") });
    setError(null);
    if (!link || Object.keys(wrong).length > 0) {
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    const tidy = form.fields.map((field) => ({
      ...field,
      choices: field.choices.map((one) => one.trim()).filter(Boolean),
    }));
    setBusy(true);
    try {
      props.onSaved((await api.setForm({ ...form, fields: tidy })).form);
      offer(t("form.saved"), {
        label: t("blocks.undo"),
        run: () => void undo(),
      });
    } catch (failure) {
      const field = isProblem(failure) && failure.field;
      setError(field ? `${field}: ${failure.detail}` : problemText(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="brand-page" ref={box}>
      <FormBox error={error} onSubmit={() => void submit()}>
        <label class="field">
          <span>{t("form.ask")}</span>
          <select
            name="ask"
            value={form.ask}
            onChange={({ currentTarget }) =>
              set({ ask: currentTarget.value as Form["ask"] })
            }
          >
            {ASKS.map((ask) => (
              <option key={ask} value={ask}>
                {t(`form.ask.${ask}`)}
              </option>
            ))}
          </select>
        </label>
        <Segments
          label={t("brand.language")}
          value={language}
          options={Object.entries(LANGUAGES) as [Language, string][]}
          onChoose={(value) => setLanguage(value)}
        />
        <TextArea
          label={t("form.intro")}
          hint={t("form.wordHint")}
          name="intro"
          rows={2}
          maxLength={500}
          value={words.intro}
          onInput={word("intro")}
        />
        <Fields
          form={form}
          language={language}
          errors={errors}
          onChange={(fields) => setForm((last) => ({ ...last, fields }))}
        />
        <TextArea
          label={t("form.privacy")}
          name="privacy"
          rows={2}
          maxLength={500}
          value={words.privacy}
          onInput={word("privacy")}
        />
        <Field
          label={t("form.link")}
          hint={t("form.linkHint")}
          name="link"
          maxLength={300}
          value={form.link}
          error={errors[""]}
          onInput={(link) => set({ link })}
        />
        <SaveButtons
          busy={busy}
          changed={changed}
          onCancel={() => {
            setForm(saved);
            setErrors({});
          }}
        />
      </FormBox>
      <section aria-label={t("brand.preview")}>
        <ThemeChoice
          label={t("brand.preview")}
          value={theme}
          onChoose={setTheme}
        />
        <Preview
          brand={branding.brand}
          language={language}
          texts={{
            title: own.title || standard.title,
            welcome: own.welcome || standard.welcome,
            away: own.away || standard.away,
          }}
          theme={theme}
          scene="open"
          form={form.ask === "never" ? undefined : asked(form, language)}
        />
      </section>
    </div>
  );
}

export default function FormPage() {
  return (
    <SettingsPage<Saved>
      title={t("form.heading")}
      lead={t("form.lead")}
      forbidden={t("form.forbidden")}
      load={async () => {
        const [{ form }, branding] = await Promise.all([
          api.form(),
          api.brand(),
        ]);

        return { form, branding };
      }}
      editor={(saved, onSaved) => (
        <Editor saved={saved} onSaved={(form) => onSaved({ ...saved, form })} />
      )}
    />
  );
}
