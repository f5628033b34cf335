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
  | { name: "form" }
  | { name: "words" }
  | { name: "triggers"; id?: number | "new" }
  | { name: "team" }
  | { name: "account" };

export type RouteName = Route["name"];

/** The pages that one goes to, in their order. */
export const PLACES = [
  "inbox",
  "visitors",
  "history",
  "blocks",
  "triggers",
  "brand",
  "form",
  "words",
  "team",
  "account",
] as const;

export type Place = (typeof PLACES)[number];

export function parseHash(hash: string): Route {
  const [name, id] = hash.replace(/^#\/?/, "").split("/");
  if (name === "c" && id !== undefined && /^[1-9]\d{0,14}$/.test(id)) {
    return { name: "conversation", id: Number(id) };
  }
  if (name === "triggers") {
    return id !== undefined && /^([1-9]\d{0,14}|new)$/.test(id)
      ? { name, id: id === "new" ? id : Number(id) }
      : { name };
  }
  return { name: PLACES.find((one) => one === name) ?? "inbox" };
}

export function hrefOf(route: Route): string {
  if (route.name === "conversation") {
    return `#/c/${route.id}`;
  }
  return route.name === "triggers" && route.id !== undefined
    ? `#/triggers/${route.id}`
    : `#/${route.name}`;
}

export const route = signal<Route>(parseHash(location.hash));

/** Is asked before a page is left; what it is given leaves it. */
type Guard = (leave: () => void) => void;

let guard: Guard | undefined;

/** One at a time; returns how to take it off. */
export function guardPage(ask: Guard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) {
      guard = undefined;
    }
  };
}

export function go(to: Route, how: "push" | "replace" = "push"): void {
  if (hrefOf(to) === location.hash) {
    return;
  }
  if (guard) {
    guard(() => move(to, how));
  } else {
    move(to, how);
  }
}

/** Without asking: what there was to lose is saved. */
export function move(to: Route, how: "push" | "replace" = "push"): void {
  const href = hrefOf(to);
  guard = undefined;
  if (how === "push") {
    history.pushState(null, "", href);
  } else {
    history.replaceState(null, "", href);
  }
  route.value = parseHash(href);
}

/** A link or the browser's button has moved already: back, and ask. */
function moved(): void {
  const to = parseHash(location.hash);
  if (guard && hrefOf(to) !== hrefOf(route.value)) {
    history.pushState(null, "", hrefOf(route.value));
    go(to);
  } else {
    route.value = to;
  }
}

export function startRouter(): void {
  addEventListener("hashchange", moved);
  addEventListener("popstate", moved);
}
