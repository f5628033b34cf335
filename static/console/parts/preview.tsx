// The visitors' own code, drawn in a box of the page: to look at only.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Config } from "../../loader/config.ts";
import type { Live } from "../../loader/live.ts";
import type { AskedForm, Brand, BrandTexts } from "../../shared/types.ts";
import { type Messages, mount } from "../../widget/panel.tsx";
import { stillLauncher } from "./still-launcher.ts";

const MESSAGES = {
  en: () => import("../../locales/widget.en.ts"),
  fr: () => import("../../locales/widget.fr.ts"),
  de: () => import("../../locales/widget.de.ts"),
};

export type Language = keyof typeof MESSAGES;

/** With the chat open, the same while nobody is there, the button alone. */
export type Scene = "open" | "away" | "closed";

/** A session of nobody: it says what is there, and sends nothing. */
function still(
  brand: Brand,
  texts: BrandTexts,
  available: boolean,
  form: AskedForm | undefined,
): Live {
  const never = () => new Promise<never>(() => undefined);
  const nothing = () => undefined;

  return {
    state: {
      conversation: null,
      events: [],
      more: false,
      available,
      texts,
      brand,
      form,
      limits: { text: 4000 },
      unread: 0,
      typing: undefined,
    },
    link: "open",
    api: {},
    memory: { muted: false, outboxKey: "chat:preview", remember: nothing },
    subscribe: () => nothing,
    start: async () => undefined,
    rest: nothing,
    withSession: never,
    markRead: nothing,
  } as unknown as Live;
}

interface Props {
  brand: Brand;
  language: Language;
  texts: BrandTexts;
  theme: Config["theme"];
  scene: Scene;
  form?: AskedForm | undefined;
}

export default function Preview(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const messages = useMessages(props.language);
  const drawn = JSON.stringify([props.brand, props.texts, props.form]);
  const { language, theme, scene } = props;

  // with the rest of the page, so that nothing is seen without the other
  useLayoutEffect(
    () =>
      box.current && messages ? draw(box.current, props, messages) : undefined,
    [drawn, language, theme, scene, messages],
  );

  return <div class="stage" data-theme={theme} ref={box} inert />;
}

/** Those of another language until these have come. */
function useMessages(language: Language): Messages["default"] | undefined {
  const [messages, setMessages] = useState<Messages["default"]>();

  useEffect(() => {
    let left = false;

    MESSAGES[language]().then(
      (all) => left || setMessages(all.default),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [language]);

  return messages;
}

/** Returns how to take it away. */
function draw(
  box: HTMLElement,
  props: Props,
  messages: Messages["default"],
): () => void {
  const { texts, language, theme, scene } = props;
  const { avatar } = props.brand;
  // the console shows no pictures of other sites
  const brand = /^\/(?![/\\])/.test(avatar)
    ? props.brand
    : { ...props.brand, avatar: "" };
  const open = scene !== "closed";
  const launcher = stillLauncher(language, theme, brand);

  launcher.open = open;
  box.append(launcher.shadow.host);

  const panel = mount({
    place: launcher.place,
    shadow: launcher.shadow,
    live: still(brand, texts, scene !== "away", props.form),
    locale: language,
    messages,
    told: () => ({}),
    boxed: true,
    onClose: () => undefined,
  });

  if (open) {
    panel.show(false);
  }

  return () => {
    panel.dispose();
    launcher.remove();
  };
}
