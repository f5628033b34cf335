// Keyboard shortcuts: single keys that never act while someone types, that
// can be changed and switched off (WCAG 2.1.4), and a few with modifiers.

import { prefs, setPrefs } from "./prefs.ts";

export const ACTIONS = {
  next: "j",
  previous: "k",
  open: "Enter",
  take: "t",
  reply: "r",
  end: "e",
  block: "b",
  details: "d",
  shut: "x",
  columns: "s",
  help: "?",
} as const;

export type Action = keyof typeof ACTIONS;

export const ACTION_NAMES = Object.keys(ACTIONS) as Action[];

export function keyOf(action: Action): string {
  return prefs.value.keys[action] ?? ACTIONS[action];
}

/** Returns the action that has the key already. */
export function remap(action: Action, key: string): Action | null {
  const holder = ACTION_NAMES.find(
    (other) => other !== action && keyOf(other) === key,
  );
  if (!holder) {
    setPrefs({ keys: { ...prefs.value.keys, [action]: key } });
  }
  return holder ?? null;
}

type Handler = (event: KeyboardEvent) => void;

const handlers = new Map<Action, Handler[]>();

/** The handler that came last acts; returns what removes it. */
export function onAction(action: Action, handler: Handler): () => void {
  const list = handlers.get(action) ?? [];
  list.push(handler);
  handlers.set(action, list);
  return () => {
    list.splice(list.indexOf(handler), 1);
  };
}

export function act(action: Action, event: KeyboardEvent): void {
  handlers.get(action)?.at(-1)?.(event);
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input, textarea, select, [role=combobox]"))
  );
}

/** Enter and Space on a control are the control's own. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("button, a, summary");
}

function actionFor(event: KeyboardEvent): Action | undefined {
  if (event.key.length > 1 && isControl(event.target)) {
    return undefined;
  }
  return ACTION_NAMES.find((action) => keyOf(action) === event.key);
}

export interface Chords {
  palette(): void;
  tab(index: number): void;
}

export function startKeys(chords: Chords): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) {
      return;
    }
    const { ctrlKey, metaKey, altKey, code } = event;
    if ((ctrlKey || metaKey) && !altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      chords.palette();
      return;
    }
    const digit = /^Digit([1-9])$/.exec(code)?.[1];
    if (altKey && !ctrlKey && !metaKey && digit) {
      event.preventDefault();
      chords.tab(Number(digit) - 1);
      return;
    }
    single(event);
  });
}

function single(event: KeyboardEvent): void {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    !prefs.value.shortcuts ||
    isTyping(event.target) ||
    document.querySelector("dialog[open]")
  ) {
    return;
  }
  const action = actionFor(event);
  if (action) {
    event.preventDefault();
    act(action, event);
  }
}
