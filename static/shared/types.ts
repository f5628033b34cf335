// The types of docs/api.yaml.

import type { Condition } from "./condition.ts";

export type Role = "agent" | "supervisor" | "admin";
export type Status = "online" | "away" | "offline";
export type ConversationState = "waiting" | "active" | "closed";

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  field?: string;
}

export interface Author {
  kind: "visitor" | "operator" | "system";
  id?: number;
  name?: string;
}

export interface OperatorRef {
  id: number;
  name: string;
}

export interface Page {
  url: string;
  title?: string;
}

interface Durable<Type extends string, Data> {
  id: number;
  type: Type;
  conversation: number;
  at: number;
  author: Author;
  data: Data;
}

/** Without an id, hence without a place in the log; may be lost. */
interface Ephemeral<Type extends string, Data> {
  id?: undefined;
  type: Type;
  at: number;
  author: Author;
  data: Data;
}

export type MessageEvent = Durable<
  "message",
  { text: string; client_id: string }
>;
export type StateEvent = Durable<"state", { state: ConversationState }>;
export type AssignedEvent = Durable<
  "assigned",
  { operator: OperatorRef | null }
>;
export type TypingEvent = Ephemeral<
  "typing",
  { typing: boolean; text?: string }
> & { conversation: number };
export type ReadEvent = Ephemeral<"read", { up_to: number }> & {
  conversation: number;
};
export type PresenceEvent = Ephemeral<
  "presence",
  { operator: number; status: Status; present: boolean }
>;
export type AvailabilityEvent = Ephemeral<
  "availability",
  { available: boolean }
>;

/** An operator's, by hand, whose name is the author's. */
export type InvitationEvent = Ephemeral<"invitation", { text: string }>;

export type VisitsEvent = Ephemeral<"visits", { visits: Visit[] }>;

export type LoggedEvent = MessageEvent | StateEvent | AssignedEvent;
export type ChatEvent =
  | LoggedEvent
  | TypingEvent
  | ReadEvent
  | PresenceEvent
  | AvailabilityEvent
  | VisitsEvent
  | InvitationEvent;

interface ConversationBase {
  id: number;
  state: ConversationState;
  operator: OperatorRef | null;
  opened_at: number;
  closed_at: number | null;
  unread: number;
  visitor_read: number;
  operator_read: number;
  last_event: number;
}

/** As its visitor sees it. */
export type VisitorConversation = ConversationBase;

/** Who the site says that a visitor is, with its signature. */
export interface Identity {
  id: string;
  name?: string;
  email?: string;
  /** Seconds since the epoch. */
  expires?: number;
  signature: string;
}

export interface VisitorRef {
  id: number;
  name: string | null;
}

/** As operators see it. */
export interface Conversation extends ConversationBase {
  /** What is known of them is the page's word only, but for `user`. */
  visitor: VisitorRef & {
    email: string | null;
    facts: { name: string; value: string }[];
    /** Who the site has proved that it is. */
    user: { id: string; name: string | null; email: string | null } | null;
    /** What the form was filled in with. */
    form: { type: FormType; label: string; value: string }[];
  };
  updated_at: number;
  last_message: { text: string; at: number; author: Author["kind"] } | null;
  /** An invitation led to it. */
  proactive: boolean;
  /** By that rule, or by hand: -1 without a name. */
  invitation: { trigger: number; name: string | null } | null;
  page: Page | null;
  locale: string | null;
}

export interface Operator {
  id: number;
  login: string;
  name: string;
  role: Role;
  status: Status;
  present: boolean;
  disabled: boolean;
  created_at: number;
}

export interface Cart {
  amount: string;
  currency: string;
  items: number;
}

/** A visitor on the site; the id is a number that may be beyond 53 bits. */
export interface Visit {
  id: string;
  /** Its id before the visitor was known. */
  was?: string;
  /** In this visit, by a rule or by hand. */
  invited?: true;
  started_at: number;
  seen_at: number;
  page_at: number;
  host: string;
  page: string;
  title?: string;
  status: number;
  views: number;
  visits?: number;
  referrer?: string;
  language?: string;
  country?: string;
  device: "other" | "desktop" | "phone" | "tablet";
  browser: string;
  system: string;
  segment: "none" | "new" | "returning" | "customer" | "buyer";
  known: boolean;
  /** The address, or what of it is kept. */
  network?: string;
  conversation?: number;
  user?: { id: string; name?: string; email?: string };
  cart?: Cart;
  order?: { id: string; amount: string; currency?: string };
  facts?: { name: string; value: string }[];
  entry?: string;
  pages?: { at: number; page: string }[];
}

export interface PastVisit {
  started_at: number;
  seen_at: number;
  views: number;
  entry: string;
  page: string;
  referrer?: string;
}

export interface VisitDetail {
  visit: Visit | null;
  history: PastVisit[];
}

/** How the chat looks: what an administrator chose. */
export interface Look {
  /** #rrggbb, or empty. */
  colour: string;
  side: "end" | "left" | "right";
  /** Pixels more than the usual distance from the edges. */
  x: number;
  y: number;
  icon: "bubble" | "square" | "help";
  /** The address of a picture, or empty. */
  avatar: string;
}

export interface BrandTexts {
  title: string;
  welcome: string;
  away: string;
}

export interface Brand extends Look {
  texts: Record<"en" | "fr" | "de", BrandTexts>;
}

export interface Branding {
  brand: Brand;
  /** What is read where the brand has no words of its own. */
  standard: Record<"en" | "fr" | "de", BrandTexts>;
}

export interface VisitorSession {
  /** Across origins only. */
  token?: string;
  conversation: VisitorConversation | null;
  events: LoggedEvent[];
  more: boolean;
  cursor: number;
  available: boolean;
  texts: BrandTexts;
  brand: Look;
  /** What is still to be asked. */
  form?: AskedForm | undefined;
  limits: { text: number };
}

export type FormType = "name" | "email" | "phone" | "line" | "text" | "choice";

export interface AskedField {
  name: string;
  type: FormType;
  required: boolean;
  /** May be empty for a name, an e-mail address and a phone number. */
  label: string;
  choices: string[];
}

export interface AskedForm {
  ask: "always" | "doubt" | "away";
  link: string;
  intro: string;
  privacy: string;
  fields: AskedField[];
}

type Local<T> = Record<"en" | "fr" | "de", T>;

/** The form as administrators set it. */
export interface Form {
  ask: "never" | "always" | "doubt" | "away";
  link: string;
  texts: Local<{ intro: string; privacy: string }>;
  fields: FormField[];
}

export interface FormField {
  name: string;
  type: FormType;
  required: boolean;
  labels: Local<string>;
  choices: string[];
}

/** Words that messages may not have. */
export interface Words {
  action: "refuse" | "hide";
  list: string;
}

export interface OperatorSession {
  operator: Operator;
  expires_at: number;
  cursor: number;
}

export interface EventsPage {
  events: ChatEvent[];
  cursor: number;
  more: boolean;
  /** To visitors: somebody is there now. */
  available?: boolean;
}

export interface HistoryPage {
  events: LoggedEvent[];
  more: boolean;
}

/** A rule by which visitors are invited, as it is written. */
export interface TriggerBody {
  name: string;
  enabled: boolean;
  match: "all" | "any";
  conditions: Condition[];
  hours: { days: number[]; from: string; to: string };
  /** Percent of the visitors. */
  share: number;
  attended: boolean;
  text: string;
  sender: string;
  /** Seconds. */
  delay: number;
  quiet_days: number;
}

export type TriggerCount =
  | "shown"
  | "opened"
  | "dismissed"
  | "conversations"
  | "orders";

export interface Trigger extends TriggerBody {
  id: number;
  position: number;
  counts: Record<TriggerCount, number>;
  sales: { amount: string; currency?: string }[];
  created_at: number;
  updated_at: number;
}

export type BlockMode = "ghost" | "refuse" | "close";

export interface Block {
  id: number;
  kind: "visitor" | "network";
  mode: BlockMode;
  visitor: VisitorRef | null;
  network: string | null;
  conversation: number | null;
  reason: string;
  active: boolean;
  met: number;
  author: OperatorRef | null;
  created_at: number;
  expires_at: number | null;
  lifted_at: number | null;
  lifted_by: OperatorRef | null;
}

export interface BlocksPage {
  blocks: Block[];
  room: number;
  more: boolean;
}

export interface ConversationsPage {
  conversations: Conversation[];
  cursor: number;
  more: boolean;
}

export interface Sent<C> {
  event: MessageEvent;
  conversation: C;
}
