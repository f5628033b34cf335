// What an operator does, with a word when it fails.

import { Problem } from "../../shared/api.ts";
import type { Conversation, Status } from "../../shared/types.ts";
import { api } from "./api.ts";
import { book, fetchOne, learn } from "./conversations.ts";
import { problemText } from "./names.ts";
import { say } from "./notices.ts";
import { keep } from "./opened.ts";
import { maySupervise, me, setStatus } from "./session.ts";

export function mayTake({ state, operator }: Conversation): boolean {
  if (state === "closed" || operator?.id === me()?.id) {
    return false;
  }
  return operator === null || maySupervise();
}

/** To reply, and to end it. */
export function mayAct({ state, operator }: Conversation): boolean {
  return (
    state !== "closed" &&
    (operator === null || operator.id === me()?.id || maySupervise())
  );
}

export async function chooseStatus(status: Status): Promise<void> {
  try {
    await setStatus(status);
  } catch (error) {
    say(problemText(error), true);
  }
}

/** The words name who has it, so the page first learns who that is. */
async function explain(id: number, error: unknown): Promise<void> {
  if (error instanceof Problem && error.status === 409) {
    await fetchOne(id).catch(() => undefined);
  }
  say(problemText(error, book.peek().get(id)?.operator?.name), true);
}

export async function takeIt(conversation: Conversation): Promise<void> {
  const { id, operator } = conversation;
  try {
    const answer = await api.take(id, operator !== null);
    learn([answer.conversation]);
    keep(id);
  } catch (error) {
    await explain(id, error);
  }
}

export async function closeIt({ id }: Conversation): Promise<void> {
  try {
    learn([(await api.close(id)).conversation]);
  } catch (error) {
    await explain(id, error);
  }
}
