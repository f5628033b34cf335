// The visitors' button and its place, drawn by their own code: to look at only.

import type { Config } from "../../loader/config.ts";
import { Launcher } from "../../loader/launcher.ts";
import { loaderTexts } from "../../locales/loader.ts";
import type { Look } from "../../shared/types.ts";

export function stillLauncher(
  locale: Config["locale"],
  theme: Config["theme"],
  look: Look | undefined,
): Launcher {
  const config: Config = {
    base: "",
    locale,
    colour: undefined,
    side: undefined,
    theme,
    track: false,
    state: undefined,
  };
  const launcher = new Launcher({
    config,
    texts: loaderTexts[locale],
    onToggle: () => undefined,
    onIntent: () => undefined,
  });

  launcher.dress(config, look);
  return launcher;
}
