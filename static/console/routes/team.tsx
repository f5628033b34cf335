// The accounts, for administrators.

import ban from "icon:ban";
import circleCheck from "icon:circle-check-big";
import ellipsis from "icon:ellipsis";
import keyRound from "icon:key-round";
import pencil from "icon:pencil";
import userPlus from "icon:user-plus";
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { date } from "../../shared/time.ts";
import type { Operator } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName, t } from "../i18n.ts";
import {
  AddAccount,
  EditAccount,
  SetPassword,
} from "../parts/account-forms.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { availabilityOf, OperatorFace } from "../parts/person.tsx";
import { Popover } from "../parts/popover.tsx";
import { Page } from "../parts/shell.tsx";
import { api } from "../state/api.ts";
import { problemText } from "../state/names.ts";
import { say } from "../state/notices.ts";
import { isAdmin, me, setOperator } from "../state/session.ts";
import { colleagues, loadColleagues } from "../state/team.ts";

type Doing =
  | { readonly what: "add" }
  | { readonly what: "edit" | "password" | "disable"; readonly who: Operator };

type List = readonly Operator[] | "loading" | "failed";

interface TeamState {
  readonly list: Signal<List>;
  readonly doing: Signal<Doing | null>;
}

async function load({ list }: TeamState): Promise<void> {
  try {
    list.value = (await api.operators()).operators;
  } catch {
    list.value = "failed";
  }
}

function take({ list, doing }: TeamState, operator: Operator): void {
  doing.value = null;
  if (typeof list.value === "string") {
    return;
  }
  list.value = [
    ...list.value.filter(({ id }) => id !== operator.id),
    operator,
  ].sort((a, b) => a.name.localeCompare(b.name));
  if (operator.id === me()?.id) {
    setOperator(operator);
  }
  void loadColleagues();
}

async function setDisabled(
  team: TeamState,
  { id }: Operator,
  disabled: boolean,
): Promise<void> {
  try {
    take(team, (await api.updateOperator(id, { disabled })).operator);
  } catch (error) {
    say(problemText(error), true);
  }
}

function ActionMenu(props: { who: Operator; team: TeamState; close(): void }) {
  const { who, team, close } = props;
  const start = (what: "edit" | "password" | "disable") => () => {
    close();
    team.doing.value = { what, who };
  };
  const enable = () => {
    close();
    void setDisabled(team, who, false);
  };
  return (
    <ul class="menu">
      <li>
        <button type="button" onClick={start("edit")}>
          <Icon nodes={pencil} size={16} />
          {t("team.edit")}
        </button>
      </li>
      <li>
        <button type="button" onClick={start("password")}>
          <Icon nodes={keyRound} size={16} />
          {t("team.password")}
        </button>
      </li>
      <li>
        {who.disabled ? (
          <button type="button" onClick={enable}>
            <Icon nodes={circleCheck} size={16} />
            {t("team.enable")}
          </button>
        ) : (
          <button type="button" class="bad" onClick={start("disable")}>
            <Icon nodes={ban} size={16} />
            {t("team.disable")}
          </button>
        )}
      </li>
    </ul>
  );
}

function Actions({ who, team }: { who: Operator; team: TeamState }) {
  return (
    <Popover
      class="row-menu"
      label={`${t("team.actions")}: ${who.name}`}
      button={<Icon nodes={ellipsis} size={18} />}
    >
      {(close) => <ActionMenu who={who} team={team} close={close} />}
    </Popover>
  );
}

/** Presence is told of enabled accounts only, and live. */
function presenceOf(who: Operator): Operator {
  return colleagues.value.find(({ id }) => id === who.id) ?? who;
}

function TeamRow({ who, team }: { who: Operator; team: TeamState }) {
  const availability = availabilityOf(presenceOf(who));
  return (
    <tr class={who.disabled ? "off" : ""}>
      <td>
        <span class="cell-person">
          <OperatorFace
            operator={who}
            availability={who.disabled ? "offline" : availability}
          />
          <span>
            {who.name}
            {who.id === me()?.id && (
              <small class="you"> ({t("colleagues.you")})</small>
            )}
            <small>{who.login}</small>
          </span>
        </span>
      </td>
      <td>{t(`role.${who.role}`)}</td>
      <td>
        {who.disabled ? (
          <span class="chip">{t("team.disabled")}</span>
        ) : (
          t(`status.${availability}`)
        )}
      </td>
      <td class="tabular">{date(who.created_at, localeName())}</td>
      <td class="cell-end">
        <Actions who={who} team={team} />
      </td>
    </tr>
  );
}

function Doings({ team }: { team: TeamState }) {
  const { doing } = team;
  const now = doing.value;
  const onClose = () => {
    doing.value = null;
  };
  const onDone = (operator: Operator) => take(team, operator);
  switch (now?.what) {
    case "add":
      return <AddAccount onClose={onClose} onDone={onDone} />;
    case "edit":
      return (
        <EditAccount operator={now.who} onClose={onClose} onDone={onDone} />
      );
    case "password":
      return (
        <SetPassword operator={now.who} onClose={onClose} onDone={onDone} />
      );
    case "disable":
      return (
        <Confirm
          title={t("team.disableTitle", { name: now.who.name })}
          lead={t("team.disableLead")}
          action={t("team.disable")}
          danger
          onConfirm={() => void setDisabled(team, now.who, true)}
          onClose={onClose}
        />
      );
    default:
      return null;
  }
}

function Table({ team }: { team: TeamState }) {
  const list = team.list.value;
  if (list === "failed") {
    return (
      <div class="empty" role="alert">
        <p>{t("team.failed")}</p>
        <button type="button" class="button" onClick={() => void load(team)}>
          {t("retry")}
        </button>
      </div>
    );
  }
  if (list === "loading") {
    return <div class="empty quiet">{t("loading")}</div>;
  }
  return (
    <div class="table-box">
      <table class="team">
        <thead>
          <tr>
            <th scope="col">{t("team.account")}</th>
            <th scope="col">{t("field.role")}</th>
            <th scope="col">{t("team.presence")}</th>
            <th scope="col">{t("team.since")}</th>
            <th scope="col">
              <span class="lc-hidden">{t("team.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map((who) => (
            <TeamRow key={who.id} who={who} team={team} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function Team() {
  const list = useSignal<List>("loading");
  const doing = useSignal<Doing | null>(null);
  const team = { list, doing };
  const allowed = isAdmin();
  useEffect(() => {
    if (allowed) {
      void load(team);
    }
  }, [allowed]);

  if (!allowed) {
    return (
      <Page title={t("team.title")}>
        <p>{t("team.forbidden")}</p>
      </Page>
    );
  }
  return (
    <Page
      title={t("team.title")}
      lead={t("team.lead")}
      action={
        <button
          type="button"
          class="button primary"
          onClick={() => {
            doing.value = { what: "add" };
          }}
        >
          <Icon nodes={userPlus} size={16} />
          {t("team.add")}
        </button>
      }
    >
      <Table team={team} />
      <Doings team={team} />
    </Page>
  );
}
