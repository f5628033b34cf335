// How things are called on the page.

import { Problem } from "../../shared/api.ts";
import { shortTime } from "../../shared/time.ts";
import type { Author, Conversation, VisitorRef } from "../../shared/types.ts";
import { localeName, t } from "../i18n.ts";
import { now } from "./clock.ts";

/** What is proved goes before what is said. */
export function knownName(
  visitor: VisitorRef & Partial<Conversation["visitor"]>,
): string | null {
  return visitor.user?.name ?? visitor.name;
}

export function visitorName(visitor: VisitorRef): string {
  return (
    knownName(visitor) ?? t("visitor.numbered", { id: String(visitor.id) })
  );
}

export function authorName(author: Author, of: Conversation | null): string {
  if (author.kind === "visitor") {
    return of ? visitorName(of.visitor) : (author.name ?? t("visitor.title"));
  }
  return author.name ?? "";
}

/** What led to a proactive conversation. */
export function invitedBy({ invitation }: Conversation): string | null {
  return invitation && (invitation.name ?? t("invite.byHand"));
}

/** The colour of a visitor's avatar: the same one each time. */
export function hueOf(id: number): number {
  return (id * 7) % 8;
}

export function listTime(at: number): string {
  return shortTime(at, now.value, localeName());
}

/** An error in the words of the person who caused it. */
export function problemText(error: unknown, holder?: string): string {
  if (!(error instanceof Problem)) {
    return t("error.offline");
  }
  if (error.is("conversation-taken")) {
    return holder
      ? t("error.taken", { name: holder })
      : t("error.takenSomeone");
  }
  if (error.is("conversation-closed")) {
    return t("error.ended");
  }
  if (error.is("last-admin")) {
    return t("error.lastAdmin");
  }
  if (error.is("login-taken")) {
    return t("error.loginTaken");
  }
  if (error.is("blocks-full")) {
    return t("error.blocksFull");
  }
  if (error.is("forbidden")) {
    return t("error.forbidden");
  }
  return byStatus(error);
}

function byStatus(error: Problem): string {
  switch (error.status) {
    case 404:
      return t("error.gone");
    case 429:
    case 503:
      return t("error.busy");
    default:
      return t("error.other", { detail: error.detail ?? error.message });
  }
}
