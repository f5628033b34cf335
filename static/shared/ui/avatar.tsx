/** A person's initials. The name itself stands beside it. */
export function Avatar(props: { name: string; size?: "s" | "m" }) {
  return (
    <span class={`lc-avatar lc-avatar-${props.size ?? "m"}`} aria-hidden="true">
      {initials(props.name)}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];

  return picked
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
