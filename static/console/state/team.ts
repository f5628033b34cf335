// The colleagues and who of them is there.

import { signal } from "@preact/signals";
import type { Operator, PresenceEvent } from "../../shared/types.ts";
import { api } from "./api.ts";
import { me, setOperator } from "./session.ts";

export const colleagues = signal<readonly Operator[]>([]);

export async function loadColleagues(): Promise<void> {
  try {
    colleagues.value = (await api.colleagues()).operators;
  } catch {
    // Presence is a courtesy; the next reconnection asks again.
  }
}

export function takePresence(event: PresenceEvent): void {
  const { operator: id, status, present } = event.data;
  const list = colleagues.value;
  if (!list.some((colleague) => colleague.id === id)) {
    void loadColleagues();
    return;
  }
  colleagues.value = list.map((colleague) =>
    colleague.id === id ? { ...colleague, status, present } : colleague,
  );
  const self = me();
  if (self?.id === id) {
    setOperator({ ...self, status, present });
  }
}
