import { h } from "preact";

/** [tag, attributes] of each shape, as lucide has them. */
export type IconNodes = readonly (readonly [
  string,
  Readonly<Record<string, string>>,
])[];

/** Decoration: what it stands for is said in words beside it. */
export function Icon(props: { nodes: IconNodes; size?: number }) {
  const size = props.size ?? 20;

  return (
    <svg
      class="lc-icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {props.nodes.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
