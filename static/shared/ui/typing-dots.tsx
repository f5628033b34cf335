/** Three dots; who types is said in words beside them. */
export function TypingDots() {
  return (
    <span class="lc-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}
