// A line of what is known: its name and what it says.

import type { ComponentChildren } from "preact";

export function Fact(props: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
