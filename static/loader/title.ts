// "(2) Page title" while the page is not looked at.

let shown: string | undefined;
let base = "";

export function showInTitle(unread: number): void {
  const wanted = document.hidden && unread > 0;

  // the page may have set a title of its own meanwhile
  if (document.title !== shown) {
    base = document.title;
  }

  shown = wanted ? `(${unread > 99 ? "99+" : unread}) ${base}` : undefined;

  if (document.title !== (shown ?? base)) {
    document.title = shown ?? base;
  }
}
