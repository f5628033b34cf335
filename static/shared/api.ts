// The HTTP client under the typed calls of visitor-api.ts and operator-api.ts:
// one place for the base address, the identity, timeouts and errors.

import type { ProblemDocument } from "./types.ts";

/** The server's answer that something is wrong (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** `urn:ngx-chat:conversation-closed` and the like; stable. */
  readonly type: string;
  readonly detail: string | undefined;
  readonly field: string | undefined;
  /** From Retry-After, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(document: ProblemDocument, retryAfter?: number) {
    super(document.title);
    this.name = "Problem";
    this.status = document.status;
    this.type = document.type;
    this.detail = document.detail;
    this.field = document.field;
    this.retryAfter = retryAfter;
  }

  /** Whether `type` is `urn:ngx-chat:<name>`. */
  is(name: string): boolean {
    return this.type === `urn:ngx-chat:${name}`;
  }
}

/** No answer at all: no network, no server, or none in time. */
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** By name: two bundles of a page each have a class of their own. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && error.name === "Problem";
}

/** Whether the same request may well succeed later, as it is. */
export function isTemporary(error: unknown): boolean {
  if (isProblem(error)) {
    // with a field it is the text, which time does not change
    return (
      error.status >= 500 || ([408, 429].includes(error.status) && !error.field)
    );
  }

  return error instanceof Error && error.name === "Unreachable";
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

export interface ClientOptions {
  /** The address of the API, without a slash at its end. */
  base: string;
  /** The bearer token, where the cookie does not serve. */
  token?: () => string | undefined;
  fetch?: typeof fetch;
}

export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Milliseconds; 0 is for ever. 20 s without it. */
  timeout?: number;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

export interface Client {
  /** The parsed answer; `undefined` after 204. */
  call<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
  /** The raw answer of a success; a problem throws all the same. */
  open(
    method: string,
    path: string,
    options?: RequestOptions,
  ): Promise<Response>;
}

const TIMEOUT = 20_000;

/** Of messages: they may be sent again without harm, so rather soon. */
export const SEND_TIMEOUT = 8000;

export function createClient(options: ClientOptions): Client {
  /** Asks, and gives the answer to `read` before the clock stops. */
  async function exchange<T>(
    method: string,
    path: string,
    request: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(request.signal, request.timeout ?? TIMEOUT);

    try {
      const response = await send(options, method, path, request, deadline);

      if (!response.ok) {
        throw await readProblem(response);
      }

      return await read(response);
    } catch (error) {
      throw deadline.expired ? new Unreachable(error) : error;
    } finally {
      deadline.stop();
    }
  }

  return {
    call: <T>(method: string, path: string, request: RequestOptions = {}) =>
      exchange(method, path, request, readJson<T>),

    open: (method, path, request = {}) =>
      exchange(method, path, request, async (response) => response),
  };
}

async function readJson<T>(response: Response): Promise<T> {
  if (response.status === 204) {
    return undefined as T;
  }

  try {
    return (await response.json()) as T;
  } catch (error) {
    throw isAbort(error) ? error : new Unreachable(error);
  }
}

/** An abort signal that follows the caller's and a clock. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  expired = false;

  constructor(parent: AbortSignal | undefined, timeout: number) {
    if (parent?.aborted) {
      this.#controller.abort();
    }

    parent?.addEventListener("abort", () => this.#controller.abort(), {
      once: true,
    });

    if (timeout > 0) {
      this.#timer = setTimeout(() => {
        this.expired = true;
        this.#controller.abort();
      }, timeout);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function send(
  options: ClientOptions,
  method: string,
  path: string,
  request: RequestOptions,
  { signal }: Deadline,
): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    ...request.headers,
  };
  const token = options.token?.();
  const init: RequestInit = {
    method,
    headers,
    signal,
    // a token is the whole identity: the cookie would be a second one
    credentials: token ? "omit" : "same-origin",
    cache: "no-store",
    keepalive: request.keepalive ?? false,
  };

  if (token) {
    headers["Authorization"] = `Bearer ${token}`;
  }

  if (request.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(request.body);
  }

  try {
    return await (options.fetch ?? fetch)(
      options.base + path + queryString(request.query),
      init,
    );
  } catch (error) {
    throw isAbort(error) ? error : new Unreachable(error);
  }
}

function queryString(query: RequestOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );

  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

/** A proxy's own error page is no problem document, and becomes one. */
async function readProblem(response: Response): Promise<Problem> {
  const fallback: ProblemDocument = {
    type: "about:blank",
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
  };
  let document = fallback;

  try {
    const body = (await response.json()) as Partial<ProblemDocument> | null;

    if (typeof body?.type === "string" && typeof body.title === "string") {
      document = { ...fallback, ...body, status: response.status };
    }
  } catch {
    // not JSON
  }

  return new Problem(document, retryAfter(response.headers));
}

function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");

  if (!value) {
    return undefined;
  }

  const seconds = Number(value);
  const ms = Number.isNaN(seconds)
    ? Date.parse(value) - Date.now()
    : seconds * 1000;

  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
