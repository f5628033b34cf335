// Where the loader gets the rest from: files beside it, each when it is wanted.

import type { LoaderLocale } from "../locales/loader.ts";
import type { Messages, mount } from "../widget/panel.tsx";
import type * as Commands from "./commands.ts";
import type * as Invite from "./invite.ts";
import type * as Live from "./live.ts";
import type * as Sound from "./sound.ts";

export interface Files extends Record<LoaderLocale, Messages> {
  live: typeof Live;
  panel: { mount: typeof mount };
  sound: typeof Sound;
  commands: typeof Commands;
  invite: typeof Invite;
}

/** From this script's address to the chat's. */
export const ROOT = ".";

/** The browser keeps what it has, so there is nothing to keep here. */
export function load<N extends keyof Files>(
  base: string,
  name: N,
): Promise<Files[N]> {
  return import(`${base}w/${__FILES__[name]}`);
}
