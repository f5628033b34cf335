// The chat itself, imported when the visitor is about to open it.

import { effect } from "@preact/signals";
import { render, type TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import type { Told } from "../loader/guest.ts";
import type { Live } from "../loader/live.ts";
import type { WidgetCatalogue } from "../locales/widget.en.ts";
import { regional, type Translation, translator } from "../shared/i18n.ts";
import { adopt } from "../shared/sheet.ts";
import { sendable } from "../shared/text.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { PanelContext, usePanel } from "./context.ts";
import { Form } from "./form.tsx";
import { Header } from "./header.tsx";
import { Log } from "./log.tsx";
import {
  ConfirmEnd,
  Ended,
  Failed,
  LinkBanner,
  Opening,
  Refused,
} from "./notices.tsx";
import { Phone } from "./phone.ts";
import { Store } from "./store.ts";
import css from "./widget.css?text";

/** Until the session says more. */
const MAX_TEXT = 4000;

/** A language's file. */
export interface Messages {
  default: Translation<WidgetCatalogue>;
}

export interface PanelHost {
  /** The panel's place in the shadow tree. */
  place: HTMLElement;
  shadow: ShadowRoot;
  live: Live;
  locale: string;
  messages: Translation<WidgetCatalogue>;
  /** What the page says of the visitor. */
  told(): Told;
  onClose(): void;
  /** In a box of the page: it never takes the whole screen, as on a phone. */
  boxed?: boolean;
}

export function mount(host: PanelHost) {
  const store = new Store(host.live, host.locale, host.told);
  const t = translator<WidgetCatalogue>(host.locale, host.messages);
  const close = host.onClose;

  const undress = adopt(host.shadow, css);

  render(
    <PanelContext.Provider
      value={{ store, t, locale: regional(host.locale), close }}
    >
      <PanelView />
      <Announcer />
    </PanelContext.Provider>,
    host.place,
  );

  const panel = host.place.querySelector<HTMLElement>(".panel");
  const phone = panel && !host.boxed && new Phone(panel, close);

  const stop = effect(() => {
    if (phone) {
      phone.shown = store.shown.value;
    }
  });

  return {
    show(focus: boolean): void {
      store.show();

      if (focus) {
        focusFirst(host.place);
      }
    },

    hide(): void {
      store.hide();
    },

    /** Says something in the visitor's name. */
    send(text: string): void {
      const words = sendable(text);
      const limit = store.chat.value?.limits.text ?? MAX_TEXT;

      if (words === "" || Array.from(words).length > limit) {
        throw new TypeError(`a text of at most ${limit} characters`);
      }

      store.send(words);
    },

    set draft(text: string) {
      store.draft.value = text;
    },

    /** Takes it all away, and gives back what was being written. */
    dispose(): string {
      store.hide();
      stop();
      store.dispose();
      render(null, host.place);
      undress();
      return store.draft.value;
    },
  };
}

/** The composer; where there is none yet, the panel itself. */
function focusFirst(place: HTMLElement): void {
  requestAnimationFrame(() => {
    const wanted = [".form [name]", "textarea", ".primary", ".panel"];
    const found = wanted
      .map((name) => place.querySelector<HTMLElement>(name))
      .find((node) => node !== null);

    found?.focus({ preventScroll: true });
  });
}

function PanelView() {
  const { store, t, close } = usePanel();
  const confirming = store.confirmingEnd.value;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key !== "Escape" || event.isComposing) {
      return;
    }

    event.preventDefault();

    if (confirming) {
      // the key's release must not fall through to the page
      event.currentTarget.focus();
      store.confirmingEnd.value = false;
    } else {
      close();
    }
  };

  return (
    <div
      class={store.shown.value ? "panel shown" : "panel"}
      role="dialog"
      tabIndex={-1}
      aria-label={store.chat.value?.texts.title || t("title")}
      onKeyDown={onKeyDown}
    >
      <div class="body" inert={confirming}>
        <Header />
        <LinkBanner />
        <Content />
      </div>
      {confirming && <ConfirmEnd />}
    </div>
  );
}

function Content() {
  const { store } = usePanel();
  const field = useRef<HTMLTextAreaElement>(null);

  if (store.refused.value) {
    return <Refused />;
  }

  if (!store.chat.value && store.failed.value) {
    return <Failed />;
  }

  const focus = () => requestAnimationFrame(() => field.current?.focus());
  const form = store.form.value;
  const said = store.chat.value?.events.length || store.unsent.value.length;
  const alone = form !== undefined && !said;
  // the form takes the composer's place, and its focus
  const root = field.current?.getRootNode() as ShadowRoot | undefined;
  const within = root?.activeElement === field.current && root !== undefined;

  return (
    <>
      {store.chat.value ? !alone && <Log /> : <Opening />}
      {store.isClosed.value ? (
        <Ended onStart={focus} />
      ) : form ? (
        <Form form={form} alone={alone} focus={within} onDone={focus} />
      ) : (
        <Composer field={field} />
      )}
    </>
  );
}
