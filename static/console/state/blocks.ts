// Who is blocked: of the visitors whose conversations stand open, and what an
// operator does about it.

import { signal } from "@preact/signals";
import type { Block, Conversation, Visit } from "../../shared/types.ts";
import { t } from "../i18n.ts";
import { api } from "./api.ts";
import { book } from "./conversations.ts";
import { problemText, visitorName } from "./names.ts";
import { offer, say } from "./notices.ts";
import { maySupervise } from "./session.ts";

/** By visitor; null: known not to be blocked. */
export const blockOf = signal<ReadonlyMap<number, Block | null>>(new Map());

function learn(visitor: number, block: Block | null): void {
  blockOf.value = new Map(blockOf.peek()).set(visitor, block);
}

/** What the server has now; without an answer it stays as it is. */
export async function lookUp(visitor: number): Promise<void> {
  try {
    const { blocks } = await api.blocks({ visitor });
    learn(visitor, blocks[0] ?? null);
  } catch {
    return;
  }
}

export function nameOf({ visitor, network }: Block): string {
  return visitor ? visitorName(visitor) : (network ?? "");
}

export function mayLift({ kind }: Block): boolean {
  return kind === "visitor" || maySupervise();
}

/** One click, as a ghost; a word tells what was done, and undoes it. */
export async function blockIt(conversation: Conversation): Promise<void> {
  const { id, visitor } = conversation;
  try {
    const { block } = await api.block({ conversation: id, mode: "ghost" });
    learn(visitor.id, block);
    offer(t("blocks.done", { name: visitorName(visitor) }), {
      label: t("blocks.undo"),
      run: () => void liftIt(block),
    });
  } catch (error) {
    say(problemText(error), true);
  }
}

/** The same from the list of who is on the site. */
export async function blockTalk(id: number): Promise<void> {
  try {
    await blockIt(
      book.peek().get(id) ?? (await api.conversation(id)).conversation,
    );
  } catch (error) {
    say(problemText(error), true);
  }
}

const DAY = 24 * 3600;

/** Others may share it: no ghosts, who would not know, and for a day only. */
export async function blockAddress(visit: Visit): Promise<void> {
  try {
    const { block } = await api.blockVisit(visit.id, {
      mode: "refuse",
      expires_in: DAY,
    });
    offer(t("blocks.doneNetwork", { name: nameOf(block) }), {
      label: t("blocks.undo"),
      run: () => void liftIt(block),
    });
  } catch (error) {
    say(problemText(error), true);
  }
}

/** Null when it failed, which has been said. */
export async function liftIt(block: Block): Promise<Block | null> {
  try {
    const lifted = (await api.liftBlock(block.id)).block;
    if (block.visitor) {
      learn(block.visitor.id, null);
    }
    say(t("blocks.lifted", { name: nameOf(block) }));
    return lifted;
  } catch (error) {
    say(problemText(error), true);
    return null;
  }
}
