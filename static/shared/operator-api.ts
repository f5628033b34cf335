// The operators' and the administrators' calls.

import { type Client, SEND_TIMEOUT } from "./api.ts";
import type {
  Block,
  BlockMode,
  BlocksPage,
  Brand,
  Branding,
  Conversation,
  ConversationState,
  ConversationsPage,
  Form,
  HistoryPage,
  Operator,
  OperatorSession,
  Role,
  Sent,
  Status,
  Trigger,
  TriggerBody,
  Visit,
  VisitDetail,
  Words,
} from "./types.ts";

export const OPERATOR_EVENTS = "/operator/events";

export interface ConversationsQuery {
  state?: ConversationState | "open" | "all";
  mine?: boolean;
  before?: number;
  limit?: number;
}

function sessionApi({ call }: Client) {
  return {
    setup: (body: {
      code: string;
      login: string;
      name: string;
      password: string;
    }) => call<{ operator: Operator }>("POST", "/operator/setup", { body }),

    logIn: (login: string, password: string) =>
      call<OperatorSession>("POST", "/operator/session", {
        body: { login, password },
      }),

    whoAmI: () => call<OperatorSession>("GET", "/operator/session"),

    logOut: () => call<void>("DELETE", "/operator/session"),

    changePassword: (current: string, password: string) =>
      call<void>("PUT", "/operator/password", { body: { current, password } }),

    presence: (status: Status) =>
      call<{ operator: Operator }>("PUT", "/operator/presence", {
        body: { status },
      }),

    colleagues: () =>
      call<{ operators: Operator[] }>("GET", "/operator/operators"),
  };
}

function conversationApi({ call }: Client) {
  const at = (id: number) => `/operator/conversations/${id}`;
  type One = { conversation: Conversation };

  return {
    conversations: (query: ConversationsQuery = {}, signal?: AbortSignal) =>
      call<ConversationsPage>("GET", "/operator/conversations", {
        query: { ...query, mine: query.mine ? 1 : undefined },
        signal,
      }),

    conversation: (id: number, signal?: AbortSignal) =>
      call<One>("GET", at(id), { signal }),

    earlier: (id: number, signal?: AbortSignal) =>
      call<{ conversations: Conversation[] }>("GET", `${at(id)}/earlier`, {
        query: { limit: 20 },
        signal,
      }),

    events: (
      id: number,
      query: { before?: number; limit?: number } = {},
      signal?: AbortSignal,
    ) => call<HistoryPage>("GET", `${at(id)}/events`, { query, signal }),

    take: (id: number, force = false) =>
      call<One>("POST", `${at(id)}/take`, { body: { force } }),

    send: (id: number, message: { client_id: string; text: string }) =>
      call<Sent<Conversation>>("POST", `${at(id)}/messages`, {
        body: message,
        timeout: SEND_TIMEOUT,
      }),

    typing: (id: number, typing: boolean) =>
      call<void>("POST", `${at(id)}/typing`, { body: { typing } }),

    read: (id: number, upTo: number) =>
      call<void>("POST", `${at(id)}/read`, { body: { up_to: upTo } }),

    close: (id: number) => call<One>("POST", `${at(id)}/close`),
  };
}

function visitApi({ call }: Client) {
  return {
    visits: () =>
      call<{ visits: Visit[]; total: number }>("GET", "/operator/visits", {
        query: { limit: 500 },
      }),

    visit: (id: string, signal?: AbortSignal) =>
      call<VisitDetail>("GET", `/operator/visits/${id}`, { signal }),

    invite: (id: string, text: string) =>
      call<void>("POST", `/operator/visits/${id}/invite`, { body: { text } }),

    blockVisit: (id: string, body: { mode: BlockMode; expires_in: number }) =>
      call<{ block: Block }>("POST", `/operator/visits/${id}/block`, { body }),
  };
}

export interface BlocksQuery {
  state?: "active" | "past" | "all";
  search?: string;
  visitor?: number;
  before?: number;
}

function blockApi({ call }: Client) {
  type One = { block: Block };

  return {
    blocks: (query: BlocksQuery = {}, signal?: AbortSignal) =>
      call<BlocksPage>("GET", "/operator/blocks", {
        query: { ...query },
        signal,
      }),

    block: (body: {
      conversation?: number;
      network?: string;
      mode: BlockMode;
      reason?: string;
      expires_in?: number;
    }) => call<One>("POST", "/operator/blocks", { body }),

    liftBlock: (id: number) => call<One>("DELETE", `/operator/blocks/${id}`),
  };
}

function adminApi({ call }: Client) {
  const at = (id: number) => `/admin/operators/${id}`;

  return {
    operators: () => call<{ operators: Operator[] }>("GET", "/admin/operators"),

    createOperator: (body: {
      login: string;
      name: string;
      role: Role;
      password: string;
    }) => call<{ operator: Operator }>("POST", "/admin/operators", { body }),

    updateOperator: (
      id: number,
      body: { name?: string; role?: Role; disabled?: boolean },
    ) => call<{ operator: Operator }>("PATCH", at(id), { body }),

    brand: () => call<Branding>("GET", "/admin/brand"),

    setBrand: (body: Brand) => call<Branding>("PUT", "/admin/brand", { body }),

    form: () => call<{ form: Form }>("GET", "/admin/form"),

    setForm: (body: Form) =>
      call<{ form: Form }>("PUT", "/admin/form", { body }),

    words: () => call<{ words: Words }>("GET", "/admin/words"),

    setWords: (body: Words) =>
      call<{ words: Words }>("PUT", "/admin/words", { body }),

    setOperatorPassword: (id: number, password: string) =>
      call<void>("PUT", `${at(id)}/password`, { body: { password } }),
  };
}

function triggerApi({ call }: Client) {
  const at = (id: number) => `/admin/triggers/${id}`;
  type One = { trigger: Trigger };

  return {
    triggers: (signal?: AbortSignal) =>
      call<{ triggers: Trigger[] }>("GET", "/admin/triggers", { signal }),

    addTrigger: (body: TriggerBody) =>
      call<One>("POST", "/admin/triggers", { body }),

    setTrigger: (id: number, body: TriggerBody) =>
      call<One>("PUT", at(id), { body }),

    changeTrigger: (
      id: number,
      body: { enabled?: boolean; position?: number; deleted?: boolean },
    ) => call<One>("PATCH", at(id), { body }),

    deleteTrigger: (id: number) => call<void>("DELETE", at(id)),
  };
}

export function operatorApi(client: Client) {
  return {
    ...sessionApi(client),
    ...conversationApi(client),
    ...visitApi(client),
    ...blockApi(client),
    ...adminApi(client),
    ...triggerApi(client),
  };
}

export type OperatorApi = ReturnType<typeof operatorApi>;
