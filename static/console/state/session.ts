// Who is logged in. "expired" keeps the page as it is under a log-in form;
// "out" forgets it.

import { signal } from "@preact/signals";
import { Problem } from "../../shared/api.ts";
import type { Operator, OperatorSession, Status } from "../../shared/types.ts";
import type { RouteName } from "../router.ts";
import { api, onSessionGone } from "./api.ts";

export type Session =
  | { readonly phase: "loading" }
  | { readonly phase: "unreachable" }
  | { readonly phase: "out" }
  | { readonly phase: "in"; readonly operator: Operator }
  | { readonly phase: "expired"; readonly operator: Operator };

export const session = signal<Session>({ phase: "loading" });

/** The cursor that came with the log-in: the stream starts there. */
export let firstCursor = 0;

export function me(): Operator | null {
  const now = session.value;
  return now.phase === "in" || now.phase === "expired" ? now.operator : null;
}

export function isAdmin(): boolean {
  return me()?.role === "admin";
}

const OF_ADMINS: readonly RouteName[] = [
  "triggers",
  "brand",
  "form",
  "words",
  "team",
];

/** Who may not is told so by the page, and not led to it. */
export function mayOpen(name: RouteName): boolean {
  return !OF_ADMINS.includes(name) || isAdmin();
}

/** Whether the operator may act on colleagues' conversations. */
export function maySupervise(): boolean {
  const role = me()?.role;
  return role === "admin" || role === "supervisor";
}

function enter(answer: OperatorSession): void {
  firstCursor = answer.cursor;
  session.value = { phase: "in", operator: answer.operator };
}

export async function resume(): Promise<void> {
  try {
    enter(await api.whoAmI());
  } catch (error) {
    const refused = error instanceof Problem && error.status === 401;
    session.value = { phase: refused ? "out" : "unreachable" };
  }
}

export async function logIn(login: string, password: string): Promise<void> {
  const before = me();
  const answer = await api.logIn(login, password);
  if (before && before.id !== answer.operator.id) {
    // Someone else takes this browser over: nothing on the page is theirs.
    location.reload();
    return;
  }
  enter(answer);
}

export async function logOut(): Promise<void> {
  try {
    await api.logOut();
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) {
      throw error;
    }
  }
  location.reload();
}

export function setOperator(operator: Operator): void {
  const now = session.value;
  if (now.phase === "in" || now.phase === "expired") {
    session.value = { ...now, operator };
  }
}

export async function setStatus(status: Status): Promise<void> {
  const before = me();
  if (!before) {
    return;
  }
  setOperator({ ...before, status });
  try {
    setOperator((await api.presence(status)).operator);
  } catch (error) {
    setOperator(before);
    throw error;
  }
}

export function startSession(): void {
  onSessionGone(() => {
    const now = session.value;
    if (now.phase === "in") {
      session.value = { phase: "expired", operator: now.operator };
    }
  });
}
