// An invitation as visitors see it, drawn by their own code: to look at only.

import { useEffect, useRef } from "preact/hooks";
import type { Config } from "../../loader/config.ts";
import { CLOSE, draw } from "../../loader/invite.ts";
import type { Look } from "../../shared/types.ts";
import { language } from "../i18n.ts";
import { stillLauncher } from "./still-launcher.ts";

interface Props {
  look: Look | undefined;
  theme: Config["theme"];
  text: string;
  sender: string;
}

export function InvitePreview({ look, theme, text, sender }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const locale = language.value?.name ?? "en";

  useEffect(() => {
    const launcher = stillLauncher(locale, theme, look);

    box.current?.append(launcher.shadow.host);
    if (text) {
      draw(launcher.shadow, launcher.place, { text, sender }, CLOSE[locale]);
    }
    return () => launcher.remove();
  }, [look, locale, theme, text, sender]);

  return (
    <div class="stage invite-preview" data-theme={theme} ref={box} inert />
  );
}
