// Replies on their way, in order for each conversation, over reloads and
// network failures.

import { effect, signal, untracked } from "@preact/signals";
import {
  createOutbox,
  type Outbox,
  type OutboxItem,
} from "../../shared/outbox.ts";
import type { ChatEvent, Conversation, Sent } from "../../shared/types.ts";
import { api } from "./api.ts";
import { learn } from "./conversations.ts";
import type { Pending } from "./lines.ts";
import { session } from "./session.ts";
import { threadOf } from "./threads.ts";

export const items = signal<readonly OutboxItem[]>([]);

let outbox: Outbox | null = null;
let owner = 0;

function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function open(operator: number): void {
  outbox?.close();
  owner = operator;
  outbox = createOutbox<Sent<Conversation>>({
    key: `chat-console:outbox:${operator}`,
    storage: storage(),
    send: ({ lane, clientId, text }) =>
      api.send(Number(lane), { client_id: clientId, text }),
    onSent: (_item, { event, conversation }) => {
      threadOf(conversation.id).add([event]);
      learn([conversation]);
    },
    onChange: (list) => {
      items.value = list;
    },
  });
}

/** What failed only because the session had ended goes out after all. */
function retryRefused(): void {
  for (const item of items.value) {
    if (item.problem === "urn:ngx-chat:unauthenticated") {
      outbox?.retry(item.clientId);
    }
  }
}

export function startOutbox(): void {
  effect(() => {
    const now = session.value;
    if (now.phase !== "in") {
      return;
    }
    const { id } = now.operator;
    untracked(() => {
      if (id !== owner) {
        open(id);
      }
      retryRefused();
    });
  });
}

export function sendReply(conversation: number, text: string): void {
  outbox?.add(text, String(conversation));
}

export function retryReply(clientId: string): void {
  outbox?.retry(clientId);
}

export function discardReply(clientId: string): void {
  outbox?.discard(clientId);
}

/** The stream may be quicker than the answer. */
export function settleReply(event: ChatEvent): void {
  if (event.type === "message" && event.author.kind === "operator") {
    outbox?.settle(event.data.client_id);
  }
}

export function pendingOf(conversation: number): Pending[] {
  const lane = String(conversation);
  return items.value
    .filter((item) => item.lane === lane)
    .map(({ clientId, text, at, state, tries, problem }) => ({
      clientId,
      text,
      at,
      failed: state === "failed",
      delayed: tries > 0,
      problem: problem ?? null,
    }));
}
