// Who is on the site: asked for once, then kept up by events.

import { signal } from "@preact/signals";
import type { Visit, VisitsEvent } from "../../shared/types.ts";
import { api } from "./api.ts";
import { now } from "./clock.ts";

/** A visit is over after this long without a page. */
const OVER_MS = 30 * 60_000;

/** Whoever looks at one page for longer may have gone. */
const IDLE_MS = 5 * 60_000;

type Loading = "no" | "yes" | "failed" | "done";

export const visitsLoading = signal<Loading>("no");

const visits = signal<ReadonlyMap<string, Visit>>(new Map());

/** What came while the list was asked for, which may be older than that. */
let meanwhile: VisitsEvent[] = [];

export async function loadVisits(): Promise<void> {
  if (visitsLoading.value === "yes") {
    return;
  }
  visitsLoading.value = "yes";
  meanwhile = [];
  try {
    const page = await api.visits();
    visits.value = new Map(page.visits.map((visit) => [visit.id, visit]));
    meanwhile.forEach(apply);
    visitsLoading.value = "done";
  } catch {
    visitsLoading.value = "failed";
  }
}

/** After a gap in the stream; nobody has asked, nobody needs it. */
export function reloadVisits(): void {
  if (visitsLoading.value === "done") {
    void loadVisits();
  }
}

export function takeVisits(event: VisitsEvent): void {
  if (visitsLoading.value === "no") {
    return;
  }
  if (visitsLoading.value === "yes") {
    meanwhile.push(event);
  }
  apply(event);
}

function apply(event: VisitsEvent): void {
  const next = new Map(visits.value);
  for (const visit of event.data.visits) {
    next.set(visit.id, visit);
    // one person is one line
    if (visit.was !== undefined) {
      next.delete(visit.was);
    }
  }
  for (const [id, visit] of next) {
    if (event.at - visit.seen_at > OVER_MS) {
      next.delete(id);
    }
  }
  visits.value = next;
}

export function isIdle(visit: Visit): boolean {
  return now.value - visit.seen_at > IDLE_MS;
}

/** Those who are there first, and of these the newest first. */
export function onSite(): Visit[] {
  return [...visits.value.values()]
    .filter((visit) => now.value - visit.seen_at < OVER_MS)
    .sort(
      (a, b) =>
        Number(isIdle(a)) - Number(isIdle(b)) || b.started_at - a.started_at,
    );
}

/** Also by the id that it had before. */
export function visitOf(id: string): Visit | undefined {
  const all = visits.value;
  return all.get(id) ?? [...all.values()].find(({ was }) => was === id);
}

export function visitIn(conversation: number): Visit | undefined {
  return [...visits.value.values()].find(
    (visit) => visit.conversation === conversation,
  );
}

/** A path as its author wrote it; what is no text stays as it is. */
export function readable(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

export function pageName(visit: Visit): string {
  return visit.title || readable(visit.page);
}
