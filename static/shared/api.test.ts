import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, isAbort, isProblem, isTemporary } from "./api.ts";

type Call = { url: string; init: RequestInit };

function client(answer: () => Promise<Response> | Response, token?: string) {
  const calls: Call[] = [];

  return {
    calls,
    client: createClient({
      base: "/api",
      token: () => token,
      fetch: async (url, init) => {
        calls.push({ url: String(url), init: init ?? {} });
        return answer();
      },
    }),
  };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }

  throw new Error("it should have failed");
}

test("a call: body, query and the token instead of the cookie", async () => {
  const { client: api, calls } = client(() => Response.json({ x: 1 }), "tok");
  const answer = await api.call("POST", "/a", {
    body: { text: "ü" },
    query: { b: "c d", e: undefined, f: 0 },
  });
  const [call] = calls;

  assert.deepEqual(answer, { x: 1 });
  assert.equal(call?.url, "/api/a?b=c%20d&f=0");
  assert.equal(call?.init.credentials, "omit");
  assert.equal(call?.init.body, '{"text":"ü"}');
  assert.deepEqual(call?.init.headers, {
    Accept: "application/json",
    Authorization: "Bearer tok",
    "Content-Type": "application/json",
  });
});

test("204 is undefined", async () => {
  const { client: api } = client(() => new Response(null, { status: 204 }));
  assert.equal(await api.call("POST", "/a"), undefined);
});

test("a problem document is thrown, with its Retry-After", async () => {
  const { client: api } = client(() =>
    Response.json(
      { type: "urn:ngx-chat:busy", title: "Busy", status: 503, field: "x" },
      { status: 503, headers: { "Retry-After": "3" } },
    ),
  );
  const error = await failure(api.call("GET", "/a"));

  assert.ok(isProblem(error) && isTemporary(error));
  assert.ok(error.is("busy"));
  assert.equal(error.retryAfter, 3000);
  assert.equal(error.field, "x");
});

test("a proxy's page is a problem, too", async () => {
  const { client: api } = client(
    () => new Response("<h1>Bad gateway</h1>", { status: 502 }),
  );
  const error = await failure(api.call("GET", "/a"));

  assert.ok(isProblem(error) && isTemporary(error));
  assert.equal(error.status, 502);
});

test("what the client did wrong stays wrong", async () => {
  for (const status of [400, 403, 404, 409, 413, 422]) {
    const { client: api } = client(() => new Response("", { status }));
    assert.ok(!isTemporary(await failure(api.call("GET", "/a"))), `${status}`);
  }
});

test("a brake lets go in time, unless it holds the text", async () => {
  const held = (more: object) => {
    const document = { type: "urn:ngx-chat:braked", title: "", status: 429 };
    const { client: api } = client(() =>
      Response.json(
        { ...document, ...more },
        {
          status: 429,
          headers: { "Content-Type": "application/problem+json" },
        },
      ),
    );

    return failure(api.call("POST", "/a"));
  };

  assert.ok(isTemporary(await held({})));
  assert.ok(!isTemporary(await held({ field: "text" })));
});

test("no network is temporary, an abort is an abort", async () => {
  const { client: api } = client(() => {
    throw new TypeError("Failed to fetch");
  });
  const error = await failure(api.call("GET", "/a"));

  assert.ok(isTemporary(error) && !isAbort(error));
});

test("a silent server is unreachable after the time", async () => {
  const api = createClient({
    base: "",
    fetch: (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () =>
          reject(new DOMException("", "AbortError")),
        );
      }),
  });

  assert.ok(isTemporary(await failure(api.call("GET", "/", { timeout: 10 }))));

  const abort = new AbortController();
  const call = failure(api.call("GET", "/", { signal: abort.signal }));
  abort.abort();
  assert.ok(isAbort(await call));
});
