// Tells the server what the team has read and that this operator types.

import { api } from "./api.ts";
import { book, takeEvent } from "./conversations.ts";
import { me } from "./session.ts";
import { countUnread } from "./threads.ts";

const TYPING_EVERY = 3000;

const told = new Map<number, number>();

/**
 * Called when the end of a thread is in view. A look at a colleague's
 * conversation is not a reading: the badge is the colleague's.
 */
export function markRead(id: number): void {
  const conversation = book.peek().get(id);
  const self = me();
  if (!conversation || !self || document.visibilityState !== "visible") {
    return;
  }
  const foreign =
    conversation.operator !== null && conversation.operator.id !== self.id;
  const upTo = conversation.last_event;
  if (foreign || conversation.unread === 0 || (told.get(id) ?? 0) >= upTo) {
    return;
  }
  told.set(id, upTo);
  takeEvent(
    {
      type: "read",
      conversation: id,
      at: Date.now(),
      author: { kind: "operator", id: self.id },
      data: { up_to: upTo },
    },
    countUnread,
  );
  // Unread again after a reload is the worst that a lost mark does.
  api.read(id, upTo).catch(() => told.delete(id));
}

const typedAt = new Map<number, number>();

export function tellTyping(id: number, typing: boolean): void {
  const last = typedAt.get(id) ?? 0;
  const now = Date.now();
  if (typing ? now - last < TYPING_EVERY : last === 0) {
    return;
  }
  if (typing) {
    typedAt.set(id, now);
  } else {
    typedAt.delete(id);
  }
  api.typing(id, typing).catch(() => undefined);
}
