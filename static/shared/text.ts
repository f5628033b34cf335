// What a person typed, as nodes. There is never a string of markup.

import { type ComponentChild, h } from "preact";

export interface Token {
  text: string;
  /** An http, https or mailto address, checked. */
  href?: string;
}

const CANDIDATE =
  /\b(?:https?:\/\/|www\.)[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

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
