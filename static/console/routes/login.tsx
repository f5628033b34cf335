// Logging in: as the page when nobody is logged in, as an overlay when the
// session ended under someone's hands.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../shared/api.ts";
import { t } from "../i18n.ts";
import { Brand } from "../parts/brand.tsx";
import { Field } from "../parts/field.tsx";
import { type Form, required, useForm } from "../parts/form.ts";
import { FormBox } from "../parts/form-box.tsx";
import { lazy } from "../parts/lazy.tsx";
import { logIn } from "../state/session.ts";

const Setup = lazy(() => import("./setup.tsx"));

const THROTTLE_MS = 30_000;

/** Counts down to 0, a second at a time. */
function useCountdown(): [number, (ms: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const count = () =>
      setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    count();
    const timer = until > Date.now() ? setInterval(count, 250) : undefined;
    return () => clearInterval(timer);
  }, [until]);
  return [left, (ms) => setUntil(Date.now() + ms)];
}

type Values = { login: string; password: string };

function useLogIn(login: string) {
  const [left, wait] = useCountdown();
  const form: Form<Values> = useForm({ login, password: "" }, (problem) =>
    problem.is("credentials") ? ["password", t("login.wrong")] : null,
  );
  const submit = () =>
    form.submit({ login: required, password: required }, async () => {
      try {
        await logIn(form.values.login.trim(), form.values.password);
      } catch (error) {
        if (!(error instanceof Problem && error.status === 429)) {
          throw error;
        }
        wait(error.retryAfter ?? THROTTLE_MS);
      }
    });
  return { form, left, submit };
}

interface FormProps {
  /** Of the operator whose session ended. */
  login?: string;
}

export function LogInForm({ login }: FormProps) {
  const { form, left, submit } = useLogIn(login ?? "");
  const error = left > 0 ? t("login.throttled", { n: left }) : form.error;
  return (
    <FormBox error={error} onSubmit={() => void submit()}>
      <Field
        label={t("login.login")}
        name="username"
        autocomplete="username"
        {...form.bind("login")}
        maxLength={64}
        focus={login === undefined}
      />
      <Field
        label={t("login.password")}
        name="password"
        autocomplete="current-password"
        password
        {...form.bind("password")}
        focus={login !== undefined}
      />
      <button
        type="submit"
        class="button primary wide"
        disabled={form.busy || left > 0}
      >
        {t("login.submit")}
      </button>
    </FormBox>
  );
}

export function LogIn() {
  const [setup, setSetup] = useState(false);
  return (
    <main class="door">
      <div class="door-card">
        <Brand />
        {setup ? (
          <Setup back={() => setSetup(false)} />
        ) : (
          <>
            <h1>{t("login.title")}</h1>
            <p class="muted">{t("login.lead")}</p>
            <LogInForm />
            <button type="button" class="link" onClick={() => setSetup(true)}>
              {t("login.first")}
            </button>
          </>
        )}
      </div>
    </main>
  );
}
