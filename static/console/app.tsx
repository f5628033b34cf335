// The operators' console.

import "./app.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { language, loadLanguage, t } from "./i18n.ts";
import { Dialog } from "./parts/dialog.tsx";
import { lazy } from "./parts/lazy.tsx";
import { Banner, Bar, Rail } from "./parts/shell.tsx";
import { Toasts } from "./parts/toast.tsx";
import { go, route, startRouter } from "./router.ts";
import { Inbox } from "./routes/inbox.tsx";
import { LogIn, LogInForm } from "./routes/login.tsx";
import { startAlerts } from "./state/alerts.ts";
import { startBadge } from "./state/badge.ts";
import { startClock } from "./state/clock.ts";
import { startFocus } from "./state/focus.ts";
import { startHearing } from "./state/hearing.ts";
import { onAction, startKeys } from "./state/keys.ts";
import { onEvent, startLive } from "./state/live.ts";
import { opened } from "./state/opened.ts";
import { settleReply, startOutbox } from "./state/outbox.ts";
import { overlay } from "./state/overlay.ts";
import { startPrefs } from "./state/prefs.ts";
import { resume, session, startSession } from "./state/session.ts";
import { startSound } from "./state/sound.ts";

const Visitors = lazy(() => import("./routes/visitors.tsx"));
const History = lazy(() => import("./routes/history.tsx"));
const Blocks = lazy(() => import("./routes/blocks.tsx"));
const BrandPage = lazy(() => import("./routes/brand.tsx"));
const FormPage = lazy(() => import("./routes/form.tsx"));
const Words = lazy(() => import("./routes/words.tsx"));
const Triggers = lazy(async () => {
  const page = await import("./routes/triggers.tsx");
  await page.ready();
  return page;
});
const Team = lazy(() => import("./routes/team.tsx"));
const Account = lazy(() => import("./routes/account.tsx"));
const Palette = lazy(() => import("./parts/palette.tsx"));
const Help = lazy(() => import("./parts/help.tsx"));

function Current() {
  switch (route.value.name) {
    case "visitors":
      return <Visitors />;
    case "history":
      return <History />;
    case "blocks":
      return <Blocks />;
    case "brand":
      return <BrandPage />;
    case "form":
      return <FormPage />;
    case "words":
      return <Words />;
    case "triggers":
      return <Triggers />;
    case "team":
      return <Team />;
    case "account":
      return <Account />;
    default:
      return <Inbox />;
  }
}

function Overlay() {
  const close = () => {
    overlay.value = null;
  };
  if (overlay.value === "palette") {
    return <Palette onClose={close} />;
  }
  return overlay.value === "help" ? <Help onClose={close} /> : null;
}

function Expired({ name, login }: { name: string; login: string }) {
  return (
    <Dialog
      title={t("login.expired")}
      lead={t("login.expiredLead", { name })}
      onClose={null}
    >
      <LogInForm login={login} />
      <button type="button" class="link" onClick={() => location.reload()}>
        {t("login.other")}
      </button>
    </Dialog>
  );
}

/** Moves the focus with the page, so that the keyboard starts in it. */
function useFocusOnPage(): void {
  const { name } = route.value;
  useEffect(() => {
    if (document.activeElement === document.body) {
      document.getElementById("content")?.focus({ preventScroll: true });
    }
  }, [name]);
}

function Console() {
  useFocusOnPage();
  const now = session.value;
  const thread = route.value.name === "conversation";
  return (
    <div class={thread ? "shell in-thread" : "shell"}>
      {/* Not a link: the address is the router's. */}
      <button
        type="button"
        class="skip"
        onClick={() => document.getElementById("content")?.focus()}
      >
        {t("skip")}
      </button>
      <Bar />
      <Rail />
      <main id="content" tabIndex={-1}>
        <Banner />
        <Current />
      </main>
      <Toasts />
      <Overlay />
      {now.phase === "expired" && (
        <Expired name={now.operator.name} login={now.operator.login} />
      )}
    </div>
  );
}

function App() {
  if (!language.value) {
    return null;
  }
  switch (session.value.phase) {
    case "loading":
      return null;
    case "unreachable":
      return (
        <main class="door">
          <div class="door-card">
            <p role="alert">{t("unreachable")}</p>
            <button
              type="button"
              class="button primary"
              onClick={() => void resume()}
            >
              {t("retry")}
            </button>
          </div>
        </main>
      );
    case "out":
      return <LogIn />;
    default:
      return <Console />;
  }
}

function startShortcuts(): void {
  startKeys({
    palette: () => {
      if (session.value.phase === "in") {
        overlay.value = overlay.value === "palette" ? null : "palette";
      }
    },
    tab: (index) => {
      const item = opened.value[index];
      if (item) {
        go({ name: "conversation", id: item.id });
      }
    },
  });
  onAction("help", () => {
    overlay.value = "help";
  });
}

function start(): void {
  startPrefs();
  startRouter();
  startClock();
  startSession();
  startLive();
  startOutbox();
  onEvent(settleReply);
  startAlerts();
  startHearing();
  startBadge();
  startSound();
  startShortcuts();
  effect(() => void loadLanguage());
  void resume();
  const root = document.getElementById("app");
  if (root) {
    startFocus(root);
    render(<App />, root);
  }
}

start();
