// Who is or was blocked, by whom, and how often a block was met.

import ban from "icon:ban";
import network from "icon:network";
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BlocksQuery } from "../../shared/operator-api.ts";
import { dateTime, shortTime } from "../../shared/time.ts";
import type { Block } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import { BlockNetwork } from "../parts/block-form.tsx";
import { VisitorFace } from "../parts/person.tsx";
import { Page } from "../parts/shell.tsx";
import { hrefOf } from "../router.ts";
import { api } from "../state/api.ts";
import { liftIt, mayLift, nameOf } from "../state/blocks.ts";
import { problemText } from "../state/names.ts";
import { say } from "../state/notices.ts";
import { maySupervise } from "../state/session.ts";

type Shown = NonNullable<BlocksQuery["state"]>;

const SHOWN: readonly Shown[] = ["active", "past", "all"];

const TYPING_MS = 250;

interface State {
  readonly shown: Signal<Shown>;
  readonly search: Signal<string>;
  readonly rows: Signal<readonly Block[]>;
  readonly more: Signal<boolean>;
  readonly loading: Signal<"yes" | "no" | "failed">;
  readonly adding: Signal<boolean>;
}

/** An answer to what is no longer asked is dropped. */
async function load(of: State, signal: AbortSignal): Promise<void> {
  const search = of.search.value.trim();
  of.loading.value = "yes";
  try {
    const page = await api.blocks(
      { state: of.shown.value, ...(search && { search }) },
      signal,
    );
    of.rows.value = page.blocks;
    of.more.value = page.more;
    of.loading.value = "no";
  } catch {
    if (!signal.aborted) {
      of.loading.value = "failed";
    }
  }
}

async function loadMore(of: State): Promise<void> {
  const search = of.search.peek().trim();
  const before = of.rows.peek().at(-1)?.id;
  try {
    const page = await api.blocks({
      state: of.shown.peek(),
      ...(search && { search }),
      ...(before !== undefined && { before }),
    });
    of.rows.value = [...of.rows.peek(), ...page.blocks];
    of.more.value = page.more;
  } catch (error) {
    say(problemText(error), true);
  }
}

async function lift(of: State, block: Block): Promise<void> {
  const lifted = await liftIt(block);
  if (lifted) {
    of.rows.value =
      of.shown.peek() === "all"
        ? of.rows.peek().map((one) => (one.id === lifted.id ? lifted : one))
        : of.rows.peek().filter(({ id }) => id !== lifted.id);
  }
}

function Who({ block }: { block: Block }) {
  const name = nameOf(block);
  if (!block.visitor) {
    return (
      <span class="cell-person">
        <span class="block-net">
          <Icon nodes={network} size={16} />
        </span>
        {name}
      </span>
    );
  }
  const face = <VisitorFace visitor={block.visitor} size="s" />;
  return block.conversation === null ? (
    <span class="cell-person">
      {face}
      {name}
    </span>
  ) : (
    <a
      class="cell-person"
      href={hrefOf({ name: "conversation", id: block.conversation })}
    >
      {face}
      {name}
    </a>
  );
}

function until({ lifted_at, lifted_by, expires_at, active }: Block): string {
  const at = (time: number) => shortTime(time, Date.now(), localeName());
  if (lifted_at !== null) {
    return t("blocks.liftedBy", {
      name: lifted_by?.name ?? "",
      time: at(lifted_at),
    });
  }
  if (expires_at === null) {
    return t("blocks.forever");
  }
  return active
    ? t("blocks.untilTime", { time: dateTime(expires_at, localeName()) })
    : t("blocks.expired", { time: at(expires_at) });
}

function BlockRow({ block, of }: { block: Block; of: State }) {
  const locale = localeName();
  const made = shortTime(block.created_at, Date.now(), locale);
  return (
    <tr class={block.active ? "" : "off"}>
      <td>
        <Who block={block} />
      </td>
      <td>
        <span class="chip">{t(`blocks.${block.mode}`)}</span>
      </td>
      <td class="cell-text" title={block.reason}>
        {block.reason}
      </td>
      <td title={dateTime(block.created_at, locale)}>
        {t("blocks.by", { name: block.author?.name ?? "", time: made })}
      </td>
      <td>{until(block)}</td>
      <td class="tabular" title={t("blocks.metHint")}>
        {block.met}
      </td>
      <td class="cell-end">
        {block.active && mayLift(block) && (
          <button
            type="button"
            class="button"
            aria-label={`${t("blocks.unblock")}: ${nameOf(block)}`}
            onClick={() => void lift(of, block)}
          >
            {t("blocks.unblock")}
          </button>
        )}
      </td>
    </tr>
  );
}

function Tools({ of }: { of: State }) {
  return (
    <div class="block-tools">
      <fieldset class="filters">
        <legend class="lc-hidden">{t("blocks.show")}</legend>
        {SHOWN.map((one) => (
          <button
            key={one}
            type="button"
            class="filter"
            aria-pressed={of.shown.value === one}
            onClick={() => {
              of.shown.value = one;
            }}
          >
            {t(`blocks.${one}`)}
          </button>
        ))}
      </fieldset>
      <div class="field block-search">
        <input
          type="search"
          aria-label={t("blocks.search")}
          placeholder={t("blocks.search")}
          maxLength={100}
          value={of.search.value}
          onInput={(event) => {
            of.search.value = event.currentTarget.value;
          }}
        />
      </div>
    </div>
  );
}

function Foot({ of }: { of: State }) {
  const { loading, rows, more, search } = of;
  if (loading.value === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{t("blocks.failed")}</p>
        <button
          type="button"
          class="button"
          onClick={() => void load(of, new AbortController().signal)}
        >
          {t("retry")}
        </button>
      </div>
    );
  }
  if (rows.value.length === 0) {
    return loading.value === "yes" ? (
      <div class="empty quiet">{t("loading")}</div>
    ) : (
      <div class="empty">
        <Icon nodes={ban} size={28} />
        <h2>{t(search.value.trim() ? "blocks.noneFound" : "blocks.none")}</h2>
        <p>{t("blocks.noneLead")}</p>
      </div>
    );
  }
  return more.value ? (
    <button type="button" class="button more" onClick={() => void loadMore(of)}>
      {t("blocks.more")}
    </button>
  ) : null;
}

function Table({ of }: { of: State }) {
  const columns = [
    "blocks.who",
    "blocks.mode",
    "blocks.reason",
    "blocks.made",
    "blocks.until",
    "blocks.met",
  ] as const;
  return (
    <div class="table-box">
      <table class="blocks">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
            <th scope="col">
              <span class="lc-hidden">{t("blocks.unblock")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.rows.value.map((block) => (
            <BlockRow key={block.id} block={block} of={of} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Loads anew when what is shown changes, and when somebody stops typing. */
function useLoading(of: State): void {
  const shown = of.shown.value;
  const search = of.search.value;
  useEffect(() => {
    const asked = new AbortController();
    const timer = setTimeout(
      () => void load(of, asked.signal),
      search ? TYPING_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [shown, search]);
}

function Add({ of }: { of: State }) {
  return maySupervise() ? (
    <button
      type="button"
      class="button primary"
      onClick={() => {
        of.adding.value = true;
      }}
    >
      <Icon nodes={ban} size={16} />
      {t("blocks.addNetwork")}
    </button>
  ) : null;
}

export default function Blocks() {
  const of: State = {
    shown: useSignal<Shown>("active"),
    search: useSignal(""),
    rows: useSignal<readonly Block[]>([]),
    more: useSignal(false),
    loading: useSignal<"yes" | "no" | "failed">("yes"),
    adding: useSignal(false),
  };
  useLoading(of);
  const close = () => {
    of.adding.value = false;
  };
  return (
    <Page
      title={t("blocks.title")}
      lead={t("blocks.lead")}
      action={<Add of={of} />}
    >
      <Tools of={of} />
      {of.rows.value.length > 0 && <Table of={of} />}
      <Foot of={of} />
      {of.adding.value && (
        <BlockNetwork
          onClose={close}
          onDone={(block) => {
            close();
            if (of.shown.peek() !== "past") {
              of.rows.value = [
                block,
                ...of.rows
                  .peek()
                  .filter(({ network: same }) => same !== block.network),
              ];
            }
          }}
        />
      )}
    </Page>
  );
}
