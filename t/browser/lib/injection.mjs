// Copyright (C) ngx_chat_module contributors
//
// Texts that mean no good, and an ear for what becomes of them in a page.

import assert from "node:assert/strict";

/** Each calls xss() where a browser takes it for something else than text. */
export const PAYLOADS = [
  "<script>xss()</script>",
  "<img src=x onerror=xss()>",
  "\"'><svg/onload=xss()>",
  "--></title></style></textarea></script><svg onload=xss()>",
  "<iframe srcdoc='<script>parent.xss()</script>'></iframe>",
  "<a href=javascript:xss()>look</a>",
  "<math><mtext><style><img src=x onerror=xss()></style></mtext></math>",
  "<template><b slot=x>t</b></template><slot onslotchange=xss()>",
  "javascript:xss()",
  "JaVaScRiPt:/*--></title>*/xss()//",
  "data:text/html,<script>xss()</script>",
  "http://javascript:xss()@x.example/",
  'https://x.example/"onmouseover="xss()',
  "https://x.example/?q=<script>xss()</script>",
  "www.x.example/'style='x:expression(xss())",
  "mailto:a@x.example?body=<script>xss()</script>",
  "[look](javascript:xss()) ![x](x onerror=xss())",
  "{{constructor.constructor('xss()')()}} ${xss()} #{xss()} <%= xss() %>",
  "&lt;script&gt;xss()&lt;/script&gt; &#60;b&#62; \\u003cb\\u003e",
  "__proto__ constructor toString hasOwnProperty",
];

/** What the strictest site says. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** In every page: what ran, and what a policy has refused. */
export function listen() {
  const heard = [];

  globalThis.heard = heard;
  globalThis.xss = (...what) => {
    heard.push(`a script ran ${what}`);
  };
  globalThis.alert = globalThis.xss;
  addEventListener(
    "securitypolicyviolation",
    (event) => {
      heard.push(`${event.violatedDirective}: ${event.sample}`);
    },
    true,
  );
}

/** Elements and addresses that only markup in a text could have made. */
export function made() {
  const found = [];
  const roots = [document];

  while (roots.length) {
    for (const node of roots.pop().querySelectorAll("*")) {
      if (node.shadowRoot) {
        roots.push(node.shadowRoot);
      }

      for (const { name, value } of node.attributes) {
        const address = ["href", "src", "action", "formaction"].includes(name);

        if (
          /^on|^srcdoc$/i.test(name) ||
          (address &&
            !/^(?:https?|mailto|blob):|^data:(?:image\/|,$)|^[/#]/i.test(
              new URL(value, location.href).href,
            ))
        ) {
          found.push(`${node.localName} ${name}="${value}"`);
        }
      }

      if (
        /^(?:iframe|object|embed|base|math|template|slot|frame|meta)$/.test(
          node.localName,
        ) &&
        !node.closest("head")
      ) {
        found.push(node.localName);
      }
    }
  }

  return found;
}

/** Nothing ran, nothing was refused, and no markup came of a text. */
export async function hear(page, where) {
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [], where);
  assert.deepEqual(await page.evaluate(made), [], where);
}

export const escaped = (text) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
