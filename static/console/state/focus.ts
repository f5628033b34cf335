// The keyboard's place. What has the focus may be taken away: by one's own
// key, by a colleague, by news. The browser then starts over at the top of the
// page; here it goes on nearby. Who points instead of typing loses nothing.

const TARGETS =
  "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled," +
  " [tabindex='0']";

interface Step {
  readonly node: HTMLElement;
  /** Which of its children led to what had the focus. */
  readonly index: number;
}

let last: HTMLElement | null = null;
/** From the inside out. */
let path: Step[] = [];

function remember(target: HTMLElement | null): void {
  last = target;
  path = [];
  let child = target;
  let node = child?.parentElement;
  while (child && node) {
    path.push({ node, index: [...node.children].indexOf(child) });
    child = node;
    node = child.parentElement;
  }
}

/** What is disabled keeps the focus until the page is drawn, and then nobody. */
function isLost(): boolean {
  const { activeElement, body } = document;
  return (
    last !== null &&
    (activeElement === body || activeElement === last) &&
    (!last.isConnected || last.matches(":disabled"))
  );
}

function firstIn(
  box: Element | undefined,
  selector: string,
): HTMLElement | undefined {
  const found = [...(box?.querySelectorAll<HTMLElement>(selector) ?? [])];
  return found.find((node) => node.getClientRects().length > 0);
}

/** Like it, at its place in a list; else what is next to it. */
function beside({ node, index }: Step, like: string): HTMLElement | undefined {
  const there = node.children[Math.min(index, node.children.length - 1)];
  return (
    firstIn(there, like) ?? firstIn(there, TARGETS) ?? firstIn(node, TARGETS)
  );
}

/** An element's data-next names what within it goes on, if it does. */
function successor(gone: HTMLElement): HTMLElement | null {
  const page = document.getElementById("content");
  const rest = path.filter(({ node }) => node.isConnected);
  for (const { node } of rest) {
    const { next } = node.dataset;
    const found = next && firstIn(node, next);
    if (found) {
      return found;
    }
  }
  const names = [...gone.classList].map((name) => `.${CSS.escape(name)}`);
  const like = `${gone.localName}${names.join("")}:not(:disabled)`;
  for (const step of rest) {
    if (step.node.contains(page)) {
      break;
    }
    const found = beside(step, like);
    if (found) {
      return found;
    }
  }
  return page;
}

export function startFocus(root: Element): void {
  addEventListener("focusin", ({ target }) => {
    const node = target as HTMLElement;
    remember(node.matches(":focus-visible") ? node : null);
  });
  addEventListener("pointerdown", () => remember(null), true);
  new MutationObserver(() => {
    if (last && isLost()) {
      successor(last)?.focus({ preventScroll: true });
    }
  }).observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ["disabled"],
  });
}
