// Faces: visitors have a colour of their own, and initials once they have a
// name; operators show whether they are there.

import userRound from "icon:user-round";
import type { Operator, VisitorRef } from "../../shared/types.ts";
import { Avatar, initials } from "../../shared/ui/avatar.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { hueOf, knownName, visitorName } from "../state/names.ts";

export function VisitorFace(props: { visitor: VisitorRef; size?: "s" | "m" }) {
  const { visitor, size = "m" } = props;
  const name = knownName(visitor);
  return (
    <span
      class={`lc-avatar lc-avatar-${size} hue-${hueOf(visitor.id)}`}
      aria-hidden="true"
      title={visitorName(visitor)}
    >
      {name ? (
        initials(name)
      ) : (
        <Icon nodes={userRound} size={size === "m" ? 18 : 14} />
      )}
    </span>
  );
}

export type Availability = "online" | "away" | "offline";

/** As others should take it: a choice of "online" alone is not presence. */
export function availabilityOf(operator: Operator): Availability {
  if (operator.status === "online") {
    return operator.present ? "online" : "offline";
  }
  return operator.status;
}

export function OperatorFace(props: {
  operator: Operator;
  availability?: Availability;
  size?: "s" | "m";
}) {
  const { operator, size = "s" } = props;
  const availability = props.availability ?? availabilityOf(operator);
  return (
    <span class="face">
      <Avatar name={operator.name} size={size} />
      <i class={`dot ${availability}`} />
    </span>
  );
}
