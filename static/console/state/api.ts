// The console's API client. An answer that the session is gone is noticed
// here, once, whoever asked.

import { type Client, createClient, Problem } from "../../shared/api.ts";
import { operatorApi } from "../../shared/operator-api.ts";

let onGone: () => void = () => undefined;

export function onSessionGone(callback: () => void): void {
  onGone = callback;
}

async function guarded<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // A wrong password is a 401 as well, and says nothing of the session.
    if (
      error instanceof Problem &&
      error.status === 401 &&
      !error.is("credentials")
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
  call: (method, path, options) => guarded(plain.call(method, path, options)),
  open: (method, path, options) => guarded(plain.open(method, path, options)),
};

export const api = operatorApi(client);
