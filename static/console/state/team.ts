// The colleagues and who of them is there.

import { signal } from "@preact/signals";
import type { Operator, PresenceEvent } from "../../shared/types.ts";
import { api } from "./api.ts";
import { me, setOperator } from "./session.ts";

export const colleagues = signal<readonly Operator[]>([]);

/** How often it is being asked for, and what came since the first of them. */
let asking = 0;
let meanwhile: PresenceEvent[] = [];

export async function loadColleagues(): Promise<void> {
  if (asking++ === 0) {
    meanwhile = [];
  }
  try {
    // the list may have been made before what came meanwhile
    const { operators } = await api.colleagues();
    colleagues.value = meanwhile.reduce(withPresence, operators);
  } catch {
    // Presence is a courtesy; the next reconnection asks again.
  } finally {
    asking--;
  }
}

export function takePresence(event: PresenceEvent): void {
  const { operator: id, status, present } = event.data;
  if (!colleagues.value.some((colleague) => colleague.id === id)) {
    void loadColleagues();
  }
  if (asking > 0) {
    meanwhile.push(event);
  }
  colleagues.value = withPresence(colleagues.value, event);
  const self = me();
  if (self?.id === id) {
    setOperator({ ...self, status, present });
  }
}

function withPresence(
  list: readonly Operator[],
  { data: { operator, status, present } }: PresenceEvent,
): readonly Operator[] {
  return list.map((colleague) =>
    colleague.id === operator ? { ...colleague, status, present } : colleague,
  );
}
