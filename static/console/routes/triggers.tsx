// Who is invited to chat, when, and what came of it; for administrators.

import plus from "icon:plus";
import target from "icon:target";
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Trigger, TriggerBody } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { t } from "../i18n.ts";
import { Page } from "../parts/shell.tsx";
import { example, nothing, TriggerEditor } from "../parts/trigger-editor.tsx";
import { type Actions, TriggerList } from "../parts/trigger-list.tsx";
import { go, hrefOf, route } from "../router.ts";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { offer, say } from "../state/notices.ts";
import { isAdmin } from "../state/session.ts";
import { conditionsInWords, tt } from "../state/trigger-words.ts";
import { bodyOf, EXAMPLE_NAMES } from "../state/triggers.ts";

export { ready } from "../state/trigger-words.ts";

/** The figures move while somebody looks, and at once for who comes back. */
const FRESH_MS = 10_000;

type List = readonly Trigger[] | "loading" | "failed";

interface State {
  readonly list: Signal<List>;
  /** What a new one begins with. */
  readonly draft: Signal<TriggerBody | null>;
}

/** A list that is there stays when it can't be looked at anew. */
async function load({ list }: State): Promise<void> {
  try {
    list.value = (await api.triggers()).triggers;
  } catch {
    if (typeof list.peek() === "string") {
      list.value = "failed";
    }
  }
}

/** Does it, and shows what there is then. */
async function change(of: State, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    say(problemText(error), true);
  }
  await load(of);
}

function start({ draft }: State, body: TriggerBody | null): void {
  draft.value = body;
  go({ name: "triggers", id: "new" });
}

/** The buttons move with the trigger: the one that was pressed is kept. */
function keepFocus(id: number, name: "up" | "down"): void {
  const rule = document.querySelector(`[data-rule="${id}"]`);
  const other = name === "up" ? "down" : "up";
  (
    rule?.querySelector<HTMLElement>(`.${name}`) ??
    rule?.querySelector<HTMLElement>(`.${other}`)
  )?.focus();
}

function actionsOf(of: State): Actions {
  const all = () => {
    const list = of.list.peek();
    return typeof list === "string" ? [] : list;
  };
  return {
    turn: ({ id }, enabled) =>
      void change(of, () => api.changeTrigger(id, { enabled })),

    place: async ({ id }, index) => {
      const list = all();
      const from = list.findIndex((one) => one.id === id);
      // in front of the one there, or of the one behind it
      const before = list[index > from ? index + 1 : index];
      const last = list.at(-1)?.position ?? 0;
      await change(of, () =>
        api.changeTrigger(id, { position: before?.position ?? last + 1 }),
      );
      keepFocus(id, index > from ? "down" : "up");
    },

    copy: (trigger) =>
      start(of, bodyOf(trigger, tt("copyName", { name: trigger.name }))),

    remove: ({ id, name }) =>
      void change(of, async () => {
        await api.deleteTrigger(id);
        offer(tt("deleted", { name }), {
          label: t("blocks.undo"),
          run: () =>
            void change(of, async () => {
              await api.changeTrigger(id, { deleted: false });
              say(tt("restored", { name }));
            }),
        });
      }),
  };
}

function Empty({ of }: { of: State }) {
  return (
    <div class="rules-none">
      <Icon nodes={target} size={28} />
      <h2>{tt("none")}</h2>
      <p class="muted">{tt("noneLead")}</p>
      <ul>
        {EXAMPLE_NAMES.map((name) => {
          const body = example(name);
          return (
            <li key={name}>
              <button type="button" onClick={() => start(of, body)}>
                <strong>{body.name}</strong>
                <small>{conditionsInWords(body)}</small>
              </button>
            </li>
          );
        })}
      </ul>
      <button type="button" class="button" onClick={() => start(of, null)}>
        {tt("blank")}
      </button>
      <p class="field-hint">{tt("needs")}</p>
    </div>
  );
}

function Body({ of }: { of: State }) {
  const list = of.list.value;
  if (list === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{tt("failed")}</p>
        <button type="button" class="button" onClick={() => void load(of)}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (list === "loading") {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  return list.length > 0 ? (
    <TriggerList triggers={list} actions={actionsOf(of)} />
  ) : (
    <Empty of={of} />
  );
}

function useFresh(of: State, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) {
      return;
    }
    const look = () => {
      if (!document.hidden) {
        void load(of);
      }
    };
    const timer = setInterval(look, FRESH_MS);
    look();
    addEventListener("focus", look);
    return () => {
      clearInterval(timer);
      removeEventListener("focus", look);
    };
  }, [wanted]);
}

/** Null where there is no such trigger, or none yet. */
function useFirst(of: State, id: number | "new" | undefined) {
  const first = useRef<{ id: typeof id; body: TriggerBody } | null>(null);
  const list = of.list.value;
  if (first.current?.id !== id) {
    first.current = null;
  }
  if (first.current === null && id !== undefined) {
    const found =
      id === "new"
        ? (of.draft.peek() ?? nothing())
        : typeof list !== "string" && list.find((one) => one.id === id);
    first.current = found ? { id, body: found } : null;
  }
  return first.current?.body ?? null;
}

export default function Triggers() {
  const of: State = {
    list: useSignal<List>("loading"),
    draft: useSignal<TriggerBody | null>(null),
  };
  const id = route.value.name === "triggers" ? route.value.id : undefined;
  const allowed = isAdmin();
  const first = useFirst(of, id);
  useFresh(of, allowed);

  if (!allowed) {
    return (
      <Page title={tt("title")}>
        <p>{tt("forbidden")}</p>
      </Page>
    );
  }
  if (first) {
    return (
      <Page
        title={id === "new" ? tt("newTitle") : first.name}
        back={[hrefOf({ name: "triggers" }), tt("back")]}
      >
        <TriggerEditor
          key={String(id)}
          id={typeof id === "number" ? id : null}
          first={first}
          saved={id !== "new"}
          onSaved={() => {
            of.draft.value = null;
            void load(of);
          }}
        />
      </Page>
    );
  }
  const list = of.list.value;
  return (
    <Page
      title={tt("title")}
      lead={tt("lead")}
      action={
        typeof list !== "string" &&
        list.length > 0 && (
          <button
            type="button"
            class="button primary"
            onClick={() => start(of, null)}
          >
            <Icon nodes={plus} size={16} />
            {tt("add")}
          </button>
        )
      }
    >
      <Body of={of} />
    </Page>
  );
}
