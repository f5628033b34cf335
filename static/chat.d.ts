// Copyright (C) ngx_chat_module contributors
//
// The types of window.chat() for scripts of a page in TypeScript. A copy of
// this file among one's own sources is all that it takes; what the calls do
// stands in docs/javascript.md.

declare namespace NgxChat {
  type Theme = "auto" | "light" | "dark";

  /** One that is removed is null. */
  type Fact = string | number | boolean | null;

  interface Person {
    name?: string | null;
    email?: string | null;
  }

  /** Proved by the site's server. */
  interface SignedPerson extends Person {
    id: string;
    /** Seconds since the epoch. */
    expires?: number | null;
    /** 64 hexadecimal digits. */
    signature: string;
  }

  interface Message {
    from: "visitor" | "operator" | "system";
    name?: string;
    text: string;
    /** Milliseconds since the epoch. */
    at: number;
  }

  interface Invitation {
    text: string;
  }

  /** What is heard of, and what a function for it gets. */
  interface Events {
    ready: undefined;
    open: undefined;
    close: undefined;
    message: Message;
    unread: number;
    invite: Invitation;
  }

  /** What can be asked for, and what with. */
  interface Commands {
    open: [];
    close: [];
    toggle: [];
    hide: [];
    show: [];
    identify: [person: Person | SignedPerson | null];
    set: [name: string, value: Fact] | [facts: Readonly<Record<string, Fact>>];
    send: [text: string];
    on: [event: keyof Events, handler: (value: never) => void];
    /** "en", "fr" or "de", also with a region. */
    locale: [locale: string];
    theme: [theme: Theme];
    shutdown: [];
  }

  interface Chat {
    <E extends keyof Events>(
      command: "on",
      event: E,
      handler: (value: Events[E]) => void,
    ): void;
    <C extends Exclude<keyof Commands, "on">>(
      command: C,
      ...args: Commands[C]
    ): void;
    /** Calls that came before the loader. */
    q?: ArrayLike<unknown>[];
  }
}

/** Undefined until the loader or its stub is there. */
declare var chat: NgxChat.Chat;

interface DocumentEventMap {
  "chat:ready": CustomEvent<undefined>;
  "chat:open": CustomEvent<undefined>;
  "chat:close": CustomEvent<undefined>;
  "chat:message": CustomEvent<NgxChat.Message>;
  "chat:unread": CustomEvent<number>;
  "chat:invite": CustomEvent<NgxChat.Invitation>;
}
