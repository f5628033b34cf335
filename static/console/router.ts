/*
 * The address of the console is the part behind '#': the server then needs no
 * rule for deep links, and the console works under any prefix.
 */

import { signal } from "@preact/signals";

export type Route =
  | { name: "inbox" }
  | { name: "conversation"; id: number }
  | { name: "visitors" }
  | { name: "history" }
  | { name: "blocks" }
  | { name: "brand" }
  | { name: "team" }
  | { name: "account" };

export type RouteName = Route["name"];

const PLAIN = [
  "visitors",
  "history",
  "blocks",
  "brand",
  "team",
  "account",
] as const;

export function parseHash(hash: string): Route {
  const [name, id] = hash.replace(/^#\/?/, "").split("/");
  if (name === "c" && id !== undefined && /^[1-9]\d{0,14}$/.test(id)) {
    return { name: "conversation", id: Number(id) };
  }
  const plain = PLAIN.find((one) => one === name);
  return plain ? { name: plain } : { name: "inbox" };
}

export function hrefOf(route: Route): string {
  return route.name === "conversation" ? `#/c/${route.id}` : `#/${route.name}`;
}

export const route = signal<Route>(parseHash(location.hash));

export function go(to: Route, how: "push" | "replace" = "push"): void {
  const href = hrefOf(to);
  if (href === location.hash) {
    return;
  }
  if (how === "push") {
    history.pushState(null, "", href);
  } else {
    history.replaceState(null, "", href);
  }
  route.value = parseHash(href);
}

export function startRouter(): void {
  const read = () => {
    route.value = parseHash(location.hash);
  };
  addEventListener("hashchange", read);
  addEventListener("popstate", read);
}
