// What every part of the panel needs.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { WidgetCatalogue } from "../locales/widget.en.ts";
import type { Translate } from "../shared/i18n.ts";
import type { Store } from "./store.ts";

export interface Panel {
  store: Store;
  t: Translate<WidgetCatalogue>;
  /** For times and numbers, with the visitor's region. */
  locale: string;
  close(): void;
}

export const PanelContext = createContext<Panel | undefined>(undefined);

export function usePanel(): Panel {
  const panel = useContext(PanelContext);

  if (!panel) {
    throw new Error("outside the panel");
  }

  return panel;
}
