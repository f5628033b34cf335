// The triggers in their order: what each hangs on, and what came of it.

import chevronDown from "icon:chevron-down";
import chevronUp from "icon:chevron-up";
import copy from "icon:copy";
import ellipsis from "icon:ellipsis";
import pencil from "icon:pencil";
import trash from "icon:trash";
import type { Trigger, TriggerCount } from "../../shared/types.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { localeName } from "../i18n.ts";
import { go, hrefOf } from "../router.ts";
import {
  conditionsInWords,
  limitsInWords,
  tt,
} from "../state/trigger-words.ts";
import { rate } from "../state/triggers.ts";
import { IconButton } from "./button.tsx";
import { Popover } from "./popover.tsx";
import { Switch } from "./switch.tsx";
import { amountOf } from "./visit.tsx";

export interface Actions {
  turn(trigger: Trigger, on: boolean): void;
  /** To the place that another one has, from 0. */
  place(trigger: Trigger, index: number): void;
  copy(trigger: Trigger): void;
  remove(trigger: Trigger): void;
}

const COUNTS: readonly TriggerCount[] = [
  "shown",
  "opened",
  "dismissed",
  "conversations",
  "orders",
];

function percent(n: number): string {
  return n.toLocaleString(localeName(), {
    style: "percent",
    maximumFractionDigits: n < 0.1 ? 1 : 0,
  });
}

function sum({ amount, currency }: Trigger["sales"][number]): string {
  return currency === undefined ? amount : amountOf({ amount, currency });
}

function Counts({ of }: { of: Trigger }) {
  const { counts, sales } = of;
  return (
    <dl class="rule-counts">
      {COUNTS.map((name) => {
        const share =
          name === "shown" ? null : rate(counts[name], counts.shown);
        return (
          <div
            key={name}
            class={counts[name] ? "" : "zero"}
            title={name === "orders" ? tt("ordersHint") : undefined}
          >
            <dt>{tt(name)}</dt>
            <dd class="tabular">
              {counts[name].toLocaleString(localeName())}
              {share !== null && counts[name] > 0 && (
                <small>{percent(share)}</small>
              )}
              {name === "orders" &&
                sales.map((sale) => (
                  <small key={sale.currency}>{sum(sale)}</small>
                ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Menu({ of, actions }: { of: Trigger; actions: Actions }) {
  return (
    <Popover
      class="row-menu"
      label={tt("actions", { name: of.name })}
      button={<Icon nodes={ellipsis} size={18} />}
    >
      {(close) => {
        const then = (run: () => void) => () => {
          close();
          run();
        };
        return (
          <ul class="menu">
            <li>
              <button
                type="button"
                onClick={then(() => go({ name: "triggers", id: of.id }))}
              >
                <Icon nodes={pencil} size={16} />
                {tt("edit")}
              </button>
            </li>
            <li>
              <button type="button" onClick={then(() => actions.copy(of))}>
                <Icon nodes={copy} size={16} />
                {tt("copy")}
              </button>
            </li>
            <li>
              <button
                type="button"
                class="bad"
                onClick={then(() => actions.remove(of))}
              >
                <Icon nodes={trash} size={16} />
                {tt("delete")}
              </button>
            </li>
          </ul>
        );
      }}
    </Popover>
  );
}

interface RuleProps {
  of: Trigger;
  index: number;
  last: number;
  actions: Actions;
}

function Rule({ of, index, last, actions }: RuleProps) {
  const { id, name, enabled } = of;
  const line = conditionsInWords(of);
  const limits = limitsInWords(of);
  return (
    <li class={enabled ? "rule" : "rule off"} data-rule={id}>
      <div class="rule-place">
        {index > 0 && (
          <IconButton
            class="up"
            icon={chevronUp}
            label={tt("up", { name })}
            onClick={() => actions.place(of, index - 1)}
          />
        )}
        {index < last && (
          <IconButton
            class="down"
            icon={chevronDown}
            label={tt("down", { name })}
            onClick={() => actions.place(of, index + 1)}
          />
        )}
      </div>
      <div class="rule-what">
        <div class="rule-head">
          <Switch
            bare
            label={tt("on", { name })}
            on={enabled}
            onChange={(on) => actions.turn(of, on)}
          />
          <h2>
            <a href={hrefOf({ name: "triggers", id })}>{name}</a>
          </h2>
          <Menu of={of} actions={actions} />
        </div>
        <p class="rule-line" title={line}>
          {line}
        </p>
        {limits.length > 0 && (
          <p class="rule-chips">
            {limits.map((limit) => (
              <span key={limit} class="chip">
                {limit}
              </span>
            ))}
          </p>
        )}
      </div>
      <Counts of={of} />
    </li>
  );
}

export function TriggerList(props: {
  triggers: readonly Trigger[];
  actions: Actions;
}) {
  const { triggers, actions } = props;
  return (
    <ol class="rules">
      {triggers.map((one, index) => (
        <Rule
          key={one.id}
          of={one}
          index={index}
          last={triggers.length - 1}
          actions={actions}
        />
      ))}
    </ol>
  );
}
