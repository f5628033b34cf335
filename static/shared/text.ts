// What a person typed, as nodes. There is never a string of markup.

import { type ComponentChild, h } from "preact";

export interface Token {
  text: string;
  /** An http, https or mailto address, checked. */
  href?: string;
}

const CANDIDATE =
  /\b(?:https?:\/\/|www\.)[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

// line ends of other systems and of word processors
const BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const CONTROLS = /(?![\t\n])\p{Cc}|\p{Surrogate}/gu;
// spaces, and characters without a picture of their own
const NOTHING = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** What the server takes of what was typed or pasted; "" is nothing to see. */
export function sendable(text: string): string {
  const clean = text.replace(BREAKS, "\n").replace(CONTROLS, "").trim();

  return NOTHING.test(clean) ? "" : clean;
}

/** Cuts text into plain pieces and links. */
export function linkify(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;

  for (const match of text.matchAll(CANDIDATE)) {
    const found = trimEnd(match[0]);
    const href = address(found);

    if (!href) {
      continue;
    }

    if (match.index > end) {
      tokens.push({ text: text.slice(end, match.index) });
    }

    tokens.push({ text: found, href });
    end = match.index + found.length;
  }

  if (end < text.length) {
    tokens.push({ text: text.slice(end) });
  }

  return tokens;
}

/** Text with its links, as children of an element. */
export function textNodes(text: string): ComponentChild[] {
  return linkify(text).map((token) =>
    token.href
      ? h(
          "a",
          {
            href: token.href,
            target: "_blank",
            rel: "noopener noreferrer nofollow ugc",
          },
          token.text,
        )
      : token.text,
  );
}

/** The punctuation after an address belongs to the sentence. */
function trimEnd(found: string): string {
  let text = found.replace(/[.,;:!?'"*_~\]}»”’]+$/, "");

  // a closing bracket does, too, unless it was opened in the address
  while (text.endsWith(")") && !text.includes("(")) {
    text = text.slice(0, -1).replace(/[.,;:!?]+$/, "");
  }

  return text;
}

function address(text: string): string | undefined {
  const mail = !/^(https?:|www\.)/i.test(text);
  const source = mail
    ? `mailto:${text}`
    : /^www\./i.test(text)
      ? `https://${text}`
      : text;

  try {
    const url = new URL(source);
    const known = ["http:", "https:", "mailto:"].includes(url.protocol);

    return known && (mail || url.hostname) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
