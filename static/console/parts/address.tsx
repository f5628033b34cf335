// Where a visitor comes from, as far as it is kept, and one click that keeps
// all from there out.

import type { Visit } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { blockAddress } from "../state/blocks.ts";
import { maySupervise } from "../state/session.ts";

/** Whether this operator may do that. */
export function hasAddress(visit: Visit | undefined): visit is Visit {
  return visit?.network !== undefined && maySupervise();
}

interface Props {
  visit: Visit;
  onDone?(): void;
}

export function Address({ visit, onDone }: Props) {
  const network = visit.network ?? "";
  const block = () => {
    onDone?.();
    void blockAddress(visit);
  };
  return (
    <span class="address">
      <span class="tabular">{network}</span>
      <button
        type="button"
        class="button"
        aria-label={t("blocks.address", { name: network })}
        title={t(network.includes("/") ? "blocks.shared" : "blocks.whole")}
        onClick={block}
      >
        {t("blocks.add")}
      </button>
    </span>
  );
}
