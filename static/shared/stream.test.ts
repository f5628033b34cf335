import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "./api.ts";
import { eventually, installBrowser } from "./fake-browser.ts";
import { openStream, type Stream, type StreamState } from "./stream.ts";
import type { ChatEvent, EventsPage } from "./types.ts";

const fake = installBrowser();

function message(id: number): ChatEvent {
  return {
    id,
    type: "message",
    conversation: 1,
    at: id,
    author: { kind: "operator" },
    data: { text: `m${id}`, client_id: `c${id}` },
  };
}

/** A body that the test writes to, and ends or breaks. */
class Body {
  readonly readable: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(signal: AbortSignal | null | undefined) {
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
    signal?.addEventListener("abort", () => {
      this.#controller?.error(new DOMException("", "AbortError"));
    });
  }

  write(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  event(event: ChatEvent): void {
    this.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  end(): void {
    this.#controller?.close();
  }

  fail(): void {
    this.#controller?.error(new TypeError("network error"));
  }
}

type Answer = "stream" | "down" | EventsPage | number;

/** A server that gives the answers in turn; the last one stays. */
function setUp(...answers: Answer[]) {
  const asked: { url: URL; stream: boolean; last: string | undefined }[] = [];
  const bodies: Body[] = [];
  const seen: string[] = [];
  const states: StreamState[] = [];
  const refused: number[] = [];

  const client = createClient({
    base: "http://server",
    fetch: async (input, init) => {
      const headers = init?.headers as Record<string, string>;
      const answer = answers.length > 1 ? answers.shift() : answers[0];

      asked.push({
        url: new URL(String(input)),
        stream: headers["Accept"] === "text/event-stream",
        last: headers["Last-Event-ID"],
      });

      if (answer === "stream") {
        const body = new Body(init?.signal);
        bodies.push(body);
        return new Response(body.readable, {
          headers: { "Content-Type": "text/event-stream" },
        });
      }

      if (answer === "down" || answer === undefined) {
        throw new TypeError("Failed to fetch");
      }

      return typeof answer === "number"
        ? new Response("", { status: answer })
        : Response.json(answer);
    },
  });

  const stream: Stream = openStream({
    client,
    path: "/events",
    cursor: 10,
    onEvent: (event) => seen.push(String(event.id ?? event.type)),
    onState: (state) => states.push(state),
    onRefused: (problem) => refused.push(problem.status),
  });

  return { stream, asked, bodies, seen, states, refused };
}

function at<T>(list: T[], index: number): T {
  const item = list.at(index);
  assert.ok(item);
  return item;
}

test("events once, in order, and the cursor with them", async () => {
  const { stream, asked, bodies, seen, states } = setUp("stream");

  await eventually(() => bodies.length === 1);
  assert.equal(at(asked, 0).last, "10");

  const body = at(bodies, 0);
  body.event(message(10));
  body.event(message(11));
  body.event(message(11));
  body.write('data: {"type":"typing"}\n\nid: 15\n\ndata: {bad\n\n');
  body.event(message(16));
  await eventually(() => stream.cursor === 16);
  assert.deepEqual(seen, ["11", "typing", "16"]);
  assert.deepEqual(states, ["open"]);
  stream.stop();
});

test("a clean end is followed up from the cursor", async () => {
  const { stream, asked, bodies } = setUp("stream");

  await eventually(() => bodies.length === 1);
  at(bodies, 0).event(message(12));
  await eventually(() => stream.cursor === 12);
  at(bodies, 0).end();
  await eventually(() => bodies.length === 2);
  assert.equal(at(asked, 1).last, "12");
  assert.equal(at(asked, 1).url.searchParams.get("after"), "12");
  stream.stop();
});

test("no network: offline, and back at the browser's word", async () => {
  const { stream, states, asked, bodies } = setUp("down", "down", "stream");

  await eventually(() => states.at(-1) === "offline");
  assert.equal(asked.length, 2);
  fake.window.dispatchEvent(new Event("online"));
  await eventually(() => bodies.length === 1);
  at(bodies, 0).write(": hi\n\n");
  await eventually(() => states.at(-1) === "open");
  stream.stop();
});

test("streams that break again and again give way to polls", async () => {
  const page: EventsPage = { events: [message(20)], cursor: 20, more: false };
  const { stream, asked, bodies } = setUp("stream", "stream", "stream", page);

  for (let i = 1; i <= 3; i++) {
    await eventually(() => bodies.length === i);
    at(bodies, -1).write(": hi\n\n");
    at(bodies, -1).fail();
    await new Promise((resolve) => setTimeout(resolve, 10));
    stream.wake();
  }

  await eventually(() => stream.cursor === 20);
  assert.equal(at(asked, -1).stream, false);
  stream.stop();
});

test("where a poll is answered, polls it is", async () => {
  const page: EventsPage = { events: [message(30)], cursor: 31, more: true };
  const rest: EventsPage = { events: [], cursor: 31, more: false };
  const { stream, asked, seen } = setUp(page, rest);

  await eventually(() => asked.length >= 3);
  assert.equal(stream.cursor, 31);
  assert.deepEqual(seen, ["30"]);
  assert.equal(at(asked, 1).url.searchParams.get("wait"), "0");
  assert.equal(at(asked, 2).url.searchParams.get("wait"), "25");
  stream.stop();
});

test("a poll tells who is there", async () => {
  const page = { events: [], cursor: 10 };
  const { stream, asked, seen } = setUp(
    { ...page, more: true, available: true },
    { ...page, more: false, available: false },
  );

  // the third is the first that waits; who is there is nothing to hurry for
  await eventually(() => asked.length >= 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(seen, Array(3).fill("availability"));
  assert.equal(asked.length, 3);
  stream.stop();
});

test("a refusal ends it", async () => {
  const { stream, asked, refused } = setUp(401);

  await eventually(() => refused.length === 1);
  stream.wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked.length, 1);
});

test("a page that goes lets go, and comes back", async () => {
  const { stream, asked, bodies } = setUp("stream");

  await eventually(() => bodies.length === 1);
  fake.window.dispatchEvent(new Event("pagehide"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked.length, 1);
  fake.window.dispatchEvent(new Event("pageshow"));
  await eventually(() => asked.length === 2);
  stream.stop();
});
