// The same for the build that is one file, which a page may pin by its hash.

import de from "../locales/widget.de.ts";
import en from "../locales/widget.en.ts";
import fr from "../locales/widget.fr.ts";
import * as panel from "../widget/panel.tsx";
import * as commands from "./commands.ts";
import type { Files } from "./files.ts";
import * as invite from "./invite.ts";
import * as live from "./live.ts";
import * as sound from "./sound.ts";

const FILES: Files = {
  live,
  panel,
  sound,
  commands,
  invite,
  en: { default: en },
  fr: { default: fr },
  de: { default: de },
};

/** It lies among the files that have a hash in their names. */
export const ROOT = "..";

export async function load<N extends keyof Files>(
  _base: string,
  name: N,
): Promise<Files[N]> {
  return FILES[name];
}
