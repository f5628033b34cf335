// The visitor's calls.

import { type Client, SEND_TIMEOUT } from "./api.ts";
import type {
  HistoryPage,
  Identity,
  Page,
  Sent,
  VisitorConversation,
  VisitorSession,
} from "./types.ts";

export const VISITOR_EVENTS = "/visitor/events";

export interface VisitorMessage {
  client_id: string;
  text: string;
  locale?: string;
  page?: Page;
  /** What the page says of the visitor. */
  name?: string;
  email?: string;
  facts?: string;
  identity?: Identity;
}

export function visitorApi(client: Client) {
  return {
    session: (locale: string) =>
      client.call<VisitorSession>("POST", "/visitor/session", {
        body: { locale },
      }),

    history: (before: number, limit = 50) =>
      client.call<HistoryPage>("GET", "/visitor/history", {
        query: { before, limit },
      }),

    send: (message: VisitorMessage) =>
      client.call<Sent<VisitorConversation>>("POST", "/visitor/messages", {
        body: message,
        timeout: SEND_TIMEOUT,
      }),

    fill: (answers: { name: string; value: string }[], locale: string) =>
      client.call<void>("POST", "/visitor/form", { body: { answers, locale } }),

    typing: (typing: boolean, text?: string) =>
      client.call<void>("POST", "/visitor/typing", {
        body: text === undefined ? { typing } : { typing, text },
      }),

    read: (upTo: number) =>
      client.call<void>("POST", "/visitor/read", { body: { up_to: upTo } }),

    close: () =>
      client.call<{ conversation: VisitorConversation | null }>(
        "POST",
        "/visitor/close",
      ),
  };
}

export type VisitorApi = ReturnType<typeof visitorApi>;
