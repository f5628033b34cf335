// The panel's state and what the visitor can do with it.

import { computed, effect, signal } from "@preact/signals";
import type { Told } from "../loader/guest.ts";
import type { Live } from "../loader/live.ts";
import { type ChatState, findLast, isIncoming } from "../loader/model.ts";
import { isProblem } from "../shared/api.ts";
import {
  createOutbox,
  type Outbox,
  type OutboxItem,
} from "../shared/outbox.ts";
import type { StreamState } from "../shared/stream.ts";
import { sendable } from "../shared/text.ts";
import type { AskedForm, Page } from "../shared/types.ts";
import { TypingReporter } from "./typing.ts";

const NEEDS_FORM = "urn:ngx-chat:form";

export class Store {
  readonly chat = signal<ChatState | undefined>(undefined);
  readonly link = signal<StreamState>("connecting");
  readonly unsent = signal<readonly OutboxItem[]>([]);
  /** What is being written: it outlives a conversation that ends meanwhile. */
  readonly draft = signal("");
  /** The session could not be opened. */
  readonly failed = signal(false);
  /** It is not for this visitor. */
  readonly refused = signal(false);
  readonly shown = signal(false);
  readonly pageVisible = signal(!document.hidden);
  readonly online = signal(navigator.onLine);
  /** The log is scrolled to its end. */
  readonly atEnd = signal(true);
  readonly loadingOlder = signal(false);
  readonly confirmingEnd = signal(false);
  /** The closed conversation that the visitor has left behind. */
  readonly left = signal(0);

  readonly isClosed = computed(() => {
    const conversation = this.chat.value?.conversation;

    return (
      conversation?.state === "closed" &&
      conversation.id !== this.left.value &&
      this.unsent.value.length === 0
    );
  });

  readonly isOpen = computed(() => {
    const state = this.refused.value
      ? undefined
      : this.chat.value?.conversation?.state;

    return state === "waiting" || state === "active";
  });

  /** The server has asked for the form. */
  readonly demanded = signal(false);
  /** It was filled in here. */
  readonly filled = signal(false);

  /** What the visitor is to say before the next message. */
  readonly form = computed<AskedForm | undefined>(() => {
    const chat = this.chat.value;
    const form = chat?.form;
    const told: Record<string, unknown> = { ...this.#told() };

    if (!form || this.filled.value || this.isOpen.value) {
      return undefined;
    }

    const fields = form.fields.filter(({ type }) => !told[type]);
    const asked =
      form.ask === "always" || (form.ask === "away" && !chat?.available);
    const wanted = asked && fields.length > 0;

    return wanted || this.demanded.value ? { ...form, fields } : undefined;
  });

  readonly muted = signal(false);

  readonly locale: string;
  readonly #told: () => Told;
  readonly #ends: (() => void)[] = [];
  readonly #live: Live;
  readonly #outbox: Outbox;
  readonly #typing: TypingReporter;
  /** Read here, which the server does not know yet. */
  #untold = 0;
  /** The signature that the server did not take. */
  #refused: string | undefined;

  constructor(live: Live, locale: string, told: () => Told) {
    this.#live = live;
    this.#told = told;
    this.muted.value = live.memory.muted;
    this.locale = locale;
    this.#outbox = this.#createOutbox();
    this.#typing = new TypingReporter((typing, text) =>
      live.api.typing(typing, text),
    );
    this.#ends.push(live.subscribe(() => this.#update()));
    this.#update();
    this.#watchPage();
    this.#ends.push(effect(() => this.#tellRead()));
  }

  dispose(): void {
    this.#outbox.close();

    for (const end of this.#ends) {
      end();
    }
  }

  mute(muted: boolean): void {
    this.#live.memory.muted = muted;
    this.muted.value = muted;
  }

  async connect(): Promise<void> {
    this.failed.value = false;

    try {
      await this.#live.start();
    } catch {
      this.failed.value = true;
    }
  }

  show(): void {
    this.shown.value = true;
    void this.connect();
  }

  hide(): void {
    this.shown.value = false;
    this.confirmingEnd.value = false;
    this.#live.rest();
  }

  send(text: string): void {
    this.#typing.end();
    this.#live.memory.remember();
    this.#outbox.add(text);
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.#outbox.discard(clientId);
  }

  typed(text: string): void {
    if (this.isOpen.value) {
      this.#typing.typed(text);
    }
  }

  startNew(): void {
    this.left.value = this.chat.value?.conversation?.id ?? 0;
  }

  async end(): Promise<void> {
    const { api } = this.#live;

    this.confirmingEnd.value = false;

    try {
      const { conversation } = await this.#live.withSession(() => api.close());

      if (conversation) {
        this.#live.setConversation(conversation);
      }
    } catch {
      // still open, as one sees
    }
  }

  /** The name of the field that is refused; empty when it could not be sent. */
  async fill(values: Record<string, string>): Promise<string | undefined> {
    const { api } = this.#live;
    const told: Record<string, unknown> = { ...this.#told() };
    const fields = this.chat.value?.form?.fields ?? [];
    // what the page says need not be said twice
    const answers = fields.map(({ name, type }) => ({
      name,
      value: sendable(values[name] ?? String(told[type] ?? "")),
    }));

    try {
      await this.#live.withSession(() => api.fill(answers, this.locale));
    } catch (error) {
      const field = isProblem(error) ? error.field : undefined;
      return field?.replace(/^answers\./, "") ?? "";
    }

    this.filled.value = true;
    this.demanded.value = false;

    for (const { clientId, problem } of this.unsent.value) {
      if (problem === NEEDS_FORM) {
        this.#outbox.retry(clientId);
      }
    }

    return undefined;
  }

  async loadOlder(): Promise<void> {
    const first = this.chat.value?.events[0]?.id;

    if (!first || !this.chat.value?.more || this.loadingOlder.value) {
      return;
    }

    this.loadingOlder.value = true;

    try {
      const { api } = this.#live;
      const page = await this.#live.withSession(() => api.history(first));
      this.#live.addOlder(page.events, page.more);
    } catch {
      // scrolling up again asks again
    } finally {
      this.loadingOlder.value = false;
    }
  }

  #createOutbox(): Outbox {
    const { api, memory } = this.#live;

    return createOutbox({
      key: memory.outboxKey,
      storage: localStore(),
      send: (item) =>
        this.#live.withSession(() =>
          this.#proved(({ identity, ...told }) =>
            api.send({
              client_id: item.clientId,
              text: item.text,
              locale: this.locale,
              page: thisPage(),
              ...told,
              ...(identity && { identity }),
            }),
          ),
        ),
      onSent: (_, { event, conversation }) =>
        this.#live.took(event, conversation),
      onChange: (items) => {
        this.unsent.value = items;

        if (items.some(({ problem }) => problem === NEEDS_FORM)) {
          this.#demand();
        }
      },
    });
  }

  /** The session may be older than the form that it asks for. */
  #demand(): void {
    if (this.demanded.value) {
      return;
    }

    this.demanded.value = true;
    this.filled.value = false;

    if (!this.chat.value?.form) {
      this.#live.open().catch(() => undefined);
    }
  }

  /** A signature that is refused, or too old, keeps nobody from writing. */
  async #proved<T>(send: (told: Told) => Promise<T>): Promise<T> {
    const { identity, ...rest } = this.#told();

    if (!identity || identity.signature === this.#refused) {
      return send(rest);
    }

    try {
      return await send({ ...rest, identity });
    } catch (error) {
      if (!(isProblem(error) && error.is("identity"))) {
        throw error;
      }

      this.#refused = identity.signature;
      // biome-ignore lint/suspicious/noConsole: for who writes the page
      console.warn(`chat("identify"): ${error.detail}`);
      return send(rest);
    }
  }

  #update(): void {
    this.chat.value = this.#live.state;
    this.link.value = this.#live.link;
    this.refused.value = this.#live.refused;

    // another tab, or an answer that got lost, has sent it
    for (const event of this.#live.state?.events ?? []) {
      if (event.type === "message") {
        this.#outbox.settle(event.data.client_id);
      }
    }
  }

  #watchPage(): void {
    const on = (target: EventTarget, type: string, listener: () => void) => {
      target.addEventListener(type, listener);
      this.#ends.push(() => target.removeEventListener(type, listener));
    };

    on(document, "visibilitychange", () => {
      this.pageVisible.value = !document.hidden;
    });

    for (const type of ["online", "offline"]) {
      on(window, type, () => {
        this.online.value = navigator.onLine;
      });
    }
  }

  /** Read is what was on the screen: shown, visible, scrolled to. */
  #tellRead(): void {
    const seen = this.shown.value && this.pageVisible.value && this.atEnd.value;
    const connected = this.link.value === "open";
    const events = this.chat.value?.events ?? [];
    const last = findLast(events, isIncoming)?.id ?? 0;
    const mark = this.chat.value?.conversation?.visitor_read ?? 0;

    if (seen && last > mark) {
      this.#untold = last;
      // not within the effect that reads what this changes
      queueMicrotask(() => this.#live.markRead(last));
    }

    if (connected && this.#untold > 0) {
      const upTo = this.#untold;

      this.#untold = 0;
      this.#live.api.read(upTo).catch(() => {
        this.#untold = Math.max(this.#untold, upTo);
      });
    }
  }
}

function thisPage(): Page {
  return {
    url: location.href.slice(0, 2000),
    title: document.title.slice(0, 300),
  };
}

/** A page may be forbidden to keep anything. */
function localStore(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
