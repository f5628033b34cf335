// The console's API client. An answer that the session is gone is noticed
// here, once, whoever asked.

import { type Client, createClient, Problem } from "../../shared/api.ts";
import { operatorApi } from "../../shared/operator-api.ts";

/** Where a 401 speaks of what was typed, not of the session. */
const OWN_401 = ["POST /operator/session", "PUT /operator/password"];

let onGone: () => void = () => undefined;

export function onSessionGone(callback: () => void): void {
  onGone = callback;
}

async function guarded<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (
      error instanceof Problem &&
      error.status === 401 &&
      !OWN_401.includes(what)
    ) {
      onGone();
    }
    throw error;
  }
}

const plain = createClient({
  base: new URL("../api/v1", document.baseURI).href,
});

export const client: Client = {
  call: (method, path, options) =>
    guarded(`${method} ${path}`, plain.call(method, path, options)),
  open: (method, path, options) =>
    guarded(`${method} ${path}`, plain.open(method, path, options)),
};

export const api = operatorApi(client);
