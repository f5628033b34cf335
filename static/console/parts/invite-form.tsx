// Invites somebody on the site who is not in a conversation.

import { useState } from "preact/hooks";
import type { Visit } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { say } from "../state/notices.ts";
import { Field } from "./field.tsx";

const MOST = 300;

export function InviteForm(props: { visit: Visit; onDone(): void }) {
  const { visit, onDone } = props;
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (!text.trim()) {
      setError(t("invite.empty"));
      return;
    }
    setBusy(true);
    try {
      await api.invite(visit.id, text.trim());
      say(t("invite.done"));
      onDone();
    } catch (problem) {
      setError(problemText(problem));
      setBusy(false);
    }
  };
  return (
    <form
      class="invite-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Field
        label={t("invite.text")}
        name="invite"
        value={text}
        onInput={setText}
        hint={t("invite.hint")}
        error={error}
        maxLength={MOST}
      />
      <div class="dialog-foot">
        <button type="submit" class="button primary" disabled={busy}>
          {t("invite.send")}
        </button>
      </div>
    </form>
  );
}
