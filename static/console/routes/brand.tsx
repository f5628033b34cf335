// How the chat looks on the site, with what visitors will see beside it.

import { useEffect, useState } from "preact/hooks";
import { parseColour } from "../../shared/colour.ts";
import { NO_TEXTS, PLAIN } from "../../shared/look.ts";
import type { Brand, Branding, BrandTexts } from "../../shared/types.ts";
import { language as spokenHere, t } from "../i18n.ts";
import { Field } from "../parts/field.tsx";
import { type Form, useForm } from "../parts/form.ts";
import { FormBox } from "../parts/form-box.tsx";
import { lazy } from "../parts/lazy.tsx";
import type { Language, Scene } from "../parts/preview.tsx";
import { SaveButtons } from "../parts/save-buttons.tsx";
import { Segments } from "../parts/segments.tsx";
import { SettingsPage } from "../parts/settings-page.tsx";
import { ThemeChoice } from "../parts/theme-choice.tsx";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { offer, say } from "../state/notices.ts";

// with the visitors' own code, which is larger than the page
const Preview = lazy(() => import("../parts/preview.tsx"));

const LANGUAGES: Record<Language, string> = {
  en: "English",
  fr: "Français",
  de: "Deutsch",
};
const SIDES = ["end", "left", "right"] as const;
const ICONS = ["bubble", "square", "help"] as const;
const SCENES = ["open", "away", "closed"] as const;
const WORDS = ["title", "welcome", "away"] as const;
const DEFAULT: Brand = {
  ...PLAIN,
  texts: { en: NO_TEXTS, fr: NO_TEXTS, de: NO_TEXTS },
};

type Values = Record<string, string>;

function toValues(brand: Brand): Values {
  const { colour, side, icon, avatar, texts } = brand;
  const words = Object.entries(texts).flatMap(([language, all]) =>
    WORDS.map((word) => [`texts.${language}.${word}`, all[word]]),
  );

  return {
    colour,
    side,
    icon,
    avatar,
    x: String(brand.x),
    y: String(brand.y),
    ...Object.fromEntries(words),
  };
}

function wordsOf(values: Values, language: Language): BrandTexts {
  const of = (word: string) => values[`texts.${language}.${word}`] ?? "";
  return { title: of("title"), welcome: of("welcome"), away: of("away") };
}

function toBrand(values: Values): Brand {
  return {
    colour: values["colour"] ?? "",
    side: SIDES.find((side) => side === values["side"]) ?? "end",
    x: Number(values["x"]),
    y: Number(values["y"]),
    icon: ICONS.find((icon) => icon === values["icon"]) ?? "bubble",
    avatar: values["avatar"] ?? "",
    texts: {
      en: wordsOf(values, "en"),
      fr: wordsOf(values, "fr"),
      de: wordsOf(values, "de"),
    },
  };
}

/** What visitors read: the module's own words where there are no others. */
function spoken(own: BrandTexts, standard: BrandTexts): BrandTexts {
  return {
    title: own.title || standard.title,
    welcome: own.welcome || standard.welcome,
    away: own.away || standard.away,
  };
}

function pixels(value: string): string | undefined {
  return /^\d{1,3}$/.test(value) && Number(value) <= 200
    ? undefined
    : t("brand.pixels");
}

function colour(value: string): string | undefined {
  return value === "" || /^#[\da-f]{6}$/i.test(value)
    ? undefined
    : t("brand.colourHint");
}

const CHECKS = { colour, x: pixels, y: pixels };

function Choice(props: {
  label: string;
  form: Form<Values>;
  name: string;
  options: readonly (readonly [value: string, text: string])[];
}) {
  const { form, name } = props;
  return (
    <label class="field">
      <span>{props.label}</span>
      <select
        name={name}
        value={form.values[name] ?? ""}
        onChange={(event) => form.set(name, event.currentTarget.value)}
      >
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Editor(props: { saved: Branding; onSaved(branding: Branding): void }) {
  const { onSaved } = props;
  const { brand: saved, standard } = props.saved;
  const form = useForm<Values>(toValues(saved), () => null);
  const [language, setLanguage] = useState<Language>(
    spokenHere.value?.name ?? "en",
  );
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const [scene, setScene] = useState<Scene>("open");
  const { values } = form;
  const before = toValues(saved);
  const changed = Object.keys(before).some(
    (key) => before[key] !== values[key],
  );
  const valid = Object.entries(CHECKS).every(
    ([name, check]) => check(values[name] ?? "") === undefined,
  );
  const [shown, setShown] = useState(saved);
  const key = JSON.stringify(values);

  // what can't be is not drawn
  useEffect(() => {
    if (valid) {
      setShown(toBrand(values));
    }
  }, [key, valid]);

  const undo = async () => {
    try {
      onSaved(await api.setBrand(saved));
      say(t("brand.undone"));
    } catch (error) {
      say(problemText(error), true);
    }
  };
  const submit = () =>
    form.submit(CHECKS, async () => {
      onSaved(await api.setBrand(toBrand(values)));
      offer(t("brand.saved"), {
        label: t("blocks.undo"),
        run: () => void undo(),
      });
    });

  return (
    <div class="brand-page">
      <FormBox error={form.error} onSubmit={() => void submit()}>
        <div class="pair">
          <Field
            label={t("brand.colour")}
            name="colour"
            placeholder="#0f5fd7"
            maxLength={7}
            {...form.bind("colour")}
          />
          <label class="field">
            <span>{t("brand.pick")}</span>
            <input
              type="color"
              value={parseColour(values["colour"]) ?? "#0f5fd7"}
              onInput={(event) => form.set("colour", event.currentTarget.value)}
            />
          </label>
        </div>
        <Choice
          label={t("brand.side")}
          form={form}
          name="side"
          options={SIDES.map((side) => [side, t(`brand.side.${side}`)])}
        />
        <div class="pair">
          <Field
            label={t("brand.x")}
            name="x"
            maxLength={3}
            {...form.bind("x")}
          />
          <Field
            label={t("brand.y")}
            name="y"
            maxLength={3}
            {...form.bind("y")}
          />
        </div>
        <Choice
          label={t("brand.icon")}
          form={form}
          name="icon"
          options={ICONS.map((icon) => [icon, t(`brand.icon.${icon}`)])}
        />
        <Field
          label={t("brand.avatar")}
          hint={t("brand.avatarHint")}
          name="avatar"
          maxLength={300}
          {...form.bind("avatar")}
        />
        <Segments
          label={t("brand.language")}
          value={language}
          options={Object.entries(LANGUAGES) as [Language, string][]}
          onChoose={(value) => setLanguage(value)}
        />
        {WORDS.map((word) => (
          <Field
            key={word}
            label={t(`brand.${word}`)}
            hint={t("brand.wordHint")}
            name={word}
            maxLength={word === "title" ? 60 : 300}
            placeholder={standard[language][word]}
            {...form.bind(`texts.${language}.${word}`)}
          />
        ))}
        <SaveButtons
          busy={form.busy}
          changed={changed}
          onCancel={() => form.fill(before)}
        >
          <button
            type="button"
            class="button"
            onClick={() => form.fill(toValues(DEFAULT))}
          >
            {t("brand.default")}
          </button>
        </SaveButtons>
      </FormBox>
      <section aria-label={t("brand.preview")}>
        <div class="preview-shows">
          {" "}
          <ThemeChoice
            label={t("brand.preview")}
            value={theme}
            onChoose={setTheme}
          />
          <Segments
            label={t("brand.scene")}
            value={scene}
            options={SCENES.map((name) => [name, t(`brand.scene.${name}`)])}
            onChoose={(value) => setScene(value)}
          />
        </div>{" "}
        <Preview
          brand={shown}
          language={language}
          texts={spoken(shown.texts[language], standard[language])}
          theme={theme}
          scene={scene}
        />
        {shown.avatar.startsWith("https:") && (
          <p class="field-hint">{t("brand.elsewhere")}</p>
        )}
      </section>
    </div>
  );
}

export default function BrandPage() {
  return (
    <SettingsPage<Branding>
      title={t("brand.heading")}
      lead={t("brand.lead")}
      forbidden={t("brand.forbidden")}
      load={() => api.brand()}
      editor={(saved, onSaved) => <Editor saved={saved} onSaved={onSaved} />}
    />
  );
}
