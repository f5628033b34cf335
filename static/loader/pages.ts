// Pages that a script shows without asking the server for them: it is told by
// one small request each, where it follows page views ("data-track").

/** A title is often set after the address. */
const TITLE_MS = 300;

export function reportPages(base: string): void {
  let told = location.pathname;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    if (location.pathname === told) {
      return;
    }

    told = location.pathname;

    fetch(`${base}api/v1/visitor/page`, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        url: location.href.slice(0, 2000),
        title: document.title.replace(/\p{C}/gu, " ").slice(0, 100),
      }),
    }).catch(() => undefined);
  };

  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, TITLE_MS);
  };

  for (const name of ["pushState", "replaceState"] as const) {
    const own = history[name];

    history[name] = function (this: History, ...args) {
      own.apply(this, args);
      moved();
    };
  }

  addEventListener("popstate", moved);
}
