// Words that visitors' messages may not have.

import { useState } from "preact/hooks";
import { isProblem } from "../../shared/api.ts";
import type { Words } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { FormBox } from "../parts/form-box.tsx";
import { SaveButtons } from "../parts/save-buttons.tsx";
import { SettingsPage } from "../parts/settings-page.tsx";
import { TextArea } from "../parts/text-area.tsx";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { offer, say } from "../state/notices.ts";

const ACTIONS = ["refuse", "hide"] as const;
const MAX_LINES = 1000;

function linesOf(list: string): number {
  return list.split("\n").filter((line) => line.trim() !== "").length;
}

function Editor(props: { saved: Words; onSaved(words: Words): void }) {
  const { saved } = props;
  const [words, setWords] = useState(saved);
  const [error, setError] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const changed = words.list !== saved.list || words.action !== saved.action;

  const undo = async () => {
    try {
      props.onSaved((await api.setWords(saved)).words);
      say(t("brand.undone"));
    } catch (failure) {
      say(problemText(failure), true);
    }
  };
  const submit = async () => {
    setError(null);
    setWrong(undefined);
    setBusy(true);
    try {
      props.onSaved((await api.setWords(words)).words);
      offer(t("words.saved"), {
        label: t("blocks.undo"),
        run: () => void undo(),
      });
    } catch (failure) {
      if (isProblem(failure) && failure.field === "list") {
        setWrong(t("words.limits"));
      } else {
        setError(problemText(failure));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormBox error={error} onSubmit={() => void submit()}>
      <TextArea
        label={t("words.list")}
        hint={`${t("words.hint")} ${t("words.count", {
          n: String(linesOf(words.list)),
          of: String(MAX_LINES),
        })}`}
        name="list"
        rows={14}
        value={words.list}
        error={wrong}
        onInput={(list) => setWords({ ...words, list })}
      />
      <label class="field">
        <span>{t("words.action")}</span>
        <select
          name="action"
          value={words.action}
          onChange={({ currentTarget }) =>
            setWords({
              ...words,
              action: currentTarget.value as Words["action"],
            })
          }
        >
          {ACTIONS.map((action) => (
            <option key={action} value={action}>
              {t(`words.action.${action}`)}
            </option>
          ))}
        </select>
      </label>
      <SaveButtons
        busy={busy}
        changed={changed}
        onCancel={() => setWords(saved)}
      />
    </FormBox>
  );
}

export default function WordsPage() {
  return (
    <SettingsPage<Words>
      title={t("words.heading")}
      lead={t("words.lead")}
      forbidden={t("form.forbidden")}
      load={async () => (await api.words()).words}
      editor={(saved, onSaved) => <Editor saved={saved} onSaved={onSaved} />}
    />
  );
}
