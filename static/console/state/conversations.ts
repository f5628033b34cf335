// All open conversations, kept complete so that counts and lists are exact,
// and as many closed ones as were asked for.

import { computed, signal } from "@preact/signals";
import type { ChatEvent, Conversation } from "../../shared/types.ts";
import { api } from "./api.ts";
import {
  apply,
  type Book,
  type CountUnread,
  countsOf,
  listed,
  put,
} from "./book.ts";
import type { Filter } from "./prefs.ts";
import { me } from "./session.ts";

/** More open conversations than any team can hold would be an accident. */
const MOST_OPEN = 5000;
const PAGE = 100;

export const book = signal<Book>(new Map());

export type Loading = "no" | "yes" | "failed";
export const openLoading = signal<Loading>("yes");
export const closedLoading = signal<Loading>("no");
export const closedMore = signal(true);

const myId = () => me()?.id ?? 0;

export const counts = computed(() => countsOf(book.value, myId()));

/** The closed list ends where the last page ended: below it lie gaps. */
const closedFloor = signal<number | null>(null);

const lists: Record<Filter, { readonly value: Conversation[] }> = {
  waiting: computed(() => listed(book.value, "waiting", myId())),
  mine: computed(() => listed(book.value, "mine", myId())),
  open: computed(() => listed(book.value, "open", myId())),
  closed: computed(() => {
    const floor = closedFloor.value ?? Number.POSITIVE_INFINITY;
    return listed(book.value, "closed", myId()).filter(
      (conversation) => conversation.last_event >= floor,
    );
  }),
};

export function listOf(filter: Filter): Conversation[] {
  return lists[filter].value;
}

export function learn(list: readonly Conversation[]): void {
  book.value = put(book.value, list);
}

export async function loadOpen(): Promise<void> {
  openLoading.value = "yes";
  try {
    let before: number | undefined;
    for (let seen = 0; seen < MOST_OPEN; ) {
      const page = await api.conversations({
        state: "open",
        limit: PAGE,
        ...(before === undefined ? {} : { before }),
      });
      learn(page.conversations);
      seen += page.conversations.length;
      before = page.conversations.at(-1)?.last_event;
      if (!page.more || before === undefined) {
        break;
      }
    }
    openLoading.value = "no";
  } catch {
    openLoading.value = "failed";
  }
}

export async function loadClosed(): Promise<void> {
  if (closedLoading.value === "yes" || !closedMore.value) {
    return;
  }
  closedLoading.value = "yes";
  const floor = closedFloor.value;
  try {
    const page = await api.conversations({
      state: "closed",
      limit: 50,
      ...(floor === null ? {} : { before: floor }),
    });
    learn(page.conversations);
    closedFloor.value = page.conversations.at(-1)?.last_event ?? floor ?? 0;
    closedMore.value = page.more;
    closedLoading.value = "no";
  } catch {
    closedLoading.value = "failed";
  }
}

const asked = new Map<number, Promise<void>>();

/** Asks for one conversation, once however many events speak of it. */
export function fetchOne(id: number): Promise<void> {
  const running = asked.get(id);
  if (running) {
    return running;
  }
  const answer = api
    .conversation(id)
    .then(({ conversation }) => learn([conversation]))
    .finally(() => asked.delete(id));
  asked.set(id, answer);
  return answer;
}

/** A conversation of which an event spoke, asked for where it is new. */
export async function known(id: number): Promise<Conversation | undefined> {
  if (!book.peek().has(id)) {
    await fetchOne(id).catch(() => undefined);
  }
  return book.peek().get(id);
}

export function takeEvent(event: ChatEvent, count: CountUnread): void {
  const next = apply(book.value, event, count);
  if (next) {
    book.value = next;
  } else if ("conversation" in event) {
    // New to this page; should the answer fail, its next event asks again.
    fetchOne(event.conversation).catch(() => undefined);
  }
}
