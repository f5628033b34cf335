// The visitors' own code, drawn in a box of the page: to look at only.

import { useEffect, useRef } from "preact/hooks";
import type { Config } from "../../loader/config.ts";
import { Launcher } from "../../loader/launcher.ts";
import type { Live } from "../../loader/live.ts";
import { loaderTexts } from "../../locales/loader.ts";
import de from "../../locales/widget.de.ts";
import en from "../../locales/widget.en.ts";
import fr from "../../locales/widget.fr.ts";
import type { Brand, BrandTexts } from "../../shared/types.ts";
import { mount } from "../../widget/panel.tsx";

const MESSAGES = { en, fr, de };

export type Language = keyof typeof MESSAGES;

/** With the chat open, the same while nobody is there, the button alone. */
export type Scene = "open" | "away" | "closed";

/** A session of nobody: it says what is there, and sends nothing. */
function still(brand: Brand, texts: BrandTexts, available: boolean): Live {
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

export function Preview(props: {
  brand: Brand;
  language: Language;
  texts: BrandTexts;
  theme: Config["theme"];
  scene: Scene;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { language, theme, scene } = props;
  const drawn = JSON.stringify([props.brand, props.texts]);

  useEffect(() => {
    const { texts } = props;
    const { avatar } = props.brand;
    // the console shows no pictures of other sites
    const brand = /^\/(?![/\\])/.test(avatar)
      ? props.brand
      : { ...props.brand, avatar: "" };
    const open = scene !== "closed";
    const config: Config = {
      base: "",
      locale: language,
      colour: undefined,
      side: undefined,
      theme,
      track: false,
      state: undefined,
    };
    const launcher = new Launcher({
      config,
      texts: loaderTexts[language],
      onToggle: () => undefined,
      onIntent: () => undefined,
    });

    launcher.dress(config, brand);
    launcher.open = open;
    box.current?.append(launcher.shadow.host);

    const panel = mount({
      place: launcher.place,
      shadow: launcher.shadow,
      live: still(brand, texts, scene !== "away"),
      locale: language,
      messages: MESSAGES[language],
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
  }, [drawn, language, theme, scene]);

  return <div class="preview" ref={box} inert />;
}
