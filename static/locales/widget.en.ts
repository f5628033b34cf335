// The widget's texts. This catalogue is the type of the others.

import type { Translation } from "../shared/i18n.ts";

const en = {
  title: "Chat with us",
  online: "We’re online",
  away: "We’re away right now",
  withOperator: "{name} is here",
  waiting: "We’ll be with you shortly",
  sound: "Sound",
  close: "Close chat",
  end: "End chat",
  endAsk: "End this conversation?",
  endHint: "You can start a new one at any time.",
  endYes: "End it",
  endNo: "Keep chatting",
  ended: "This conversation has ended",
  startNew: "Start a new one",
  log: "Conversation",
  message: "Your message",
  placeholder: "Write a message…",
  send: "Send",
  you: "You",
  operator: "Support",
  sending: "Sending…",
  sent: "Sent",
  read: "Read",
  waitingToSend: "Not sent yet",
  failed: "Not sent",
  retry: "Try again",
  remove: "Remove",
  typing: "{name} is typing…",
  joined: "{name} joined the conversation",
  queued: "You’re back in the queue",
  newMessages: { one: "{n} new message", other: "{n} new messages" },
  loadingOlder: "Loading earlier messages…",
  offline: "You’re offline. Messages are sent when you’re back.",
  reconnecting: "Reconnecting…",
  loading: "Opening the chat…",
  errorTitle: "The chat can’t be opened",
  refused: "This chat is not available to you",
  errorHint: "Please check your connection, or try again in a moment.",
  charactersLeft: {
    one: "{n} character left",
    other: "{n} characters left",
  },
  tooLong: { one: "{n} character too many", other: "{n} characters too many" },
} as const;

export type WidgetCatalogue = typeof en;

const messages: Translation<WidgetCatalogue> = en;
export default messages;
