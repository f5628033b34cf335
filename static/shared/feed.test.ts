import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "./api.ts";
import { eventually, installBrowser } from "./fake-browser.ts";
import { type Feed, openFeed } from "./feed.ts";
import type { ChatEvent } from "./types.ts";

installBrowser();

/** All tabs' server: an endless stream of what was said. */
function createServer() {
  const events: ChatEvent[] = [];
  const streams = new Set<(event: ChatEvent) => void>();
  let opened = 0;

  function say(id: number): void {
    const event: ChatEvent = {
      id,
      type: "message",
      conversation: 1,
      at: 0,
      author: { kind: "operator" },
      data: { text: "", client_id: "" },
    };

    events.push(event);
    for (const write of streams) {
      write(event);
    }
  }

  const client = createClient({
    base: "http://server",
    fetch: async (input, init) => {
      const after = Number(new URL(String(input)).searchParams.get("after"));
      const missed = events.filter((event) => Number(event.id) > after);
      const headers = init?.headers as Record<string, string>;

      if (headers["Accept"] !== "text/event-stream") {
        const cursor = Math.max(after, ...events.map((e) => Number(e.id)));
        return Response.json({ events: missed, cursor, more: false });
      }

      opened++;
      return new Response(body(missed, init?.signal), {
        headers: { "Content-Type": "text/event-stream" },
      });
    },
  });

  function body(
    missed: ChatEvent[],
    signal: AbortSignal | null | undefined,
  ): ReadableStream {
    return new ReadableStream({
      start(controller) {
        const write = (event: ChatEvent) =>
          controller.enqueue(
            new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`),
          );

        controller.enqueue(new TextEncoder().encode(": hi\n\n"));
        missed.forEach(write);
        streams.add(write);
        signal?.addEventListener("abort", () => {
          streams.delete(write);
          controller.error(new DOMException("", "AbortError"));
        });
      },
    });
  }

  return { say, client, streams, opened: () => opened };
}

interface Tab {
  feed: Feed;
  seen: number[];
  notes: unknown[];
}

function openTab(
  name: string,
  server: ReturnType<typeof createServer>,
  cursor = 0,
): Tab {
  const seen: number[] = [];
  const notes: unknown[] = [];
  const feed = openFeed({
    name,
    client: server.client,
    path: "/events",
    cursor,
    onEvent: (event) => seen.push(event.id ?? 0),
    onNote: (note) => notes.push(note),
  });

  return { feed, seen, notes };
}

test("three tabs, one stream, the same events", async () => {
  const server = createServer();
  const tabs = [1, 2, 3].map(() => openTab("same", server));

  await eventually(() => server.streams.size === 1);
  server.say(1);
  server.say(2);
  await eventually(() => tabs.every((tab) => tab.seen.length === 2));
  assert.ok(tabs.every((tab) => tab.seen.join() === "1,2"));
  assert.equal(server.opened(), 1);
  assert.equal(tabs.filter((tab) => tab.feed.leads).length, 1);

  for (const tab of tabs) {
    tab.feed.close();
  }
});

test("when the leader goes the next one leads, and misses nothing", async () => {
  const server = createServer();
  const [first, second] = [openTab("next", server), openTab("next", server)];

  await eventually(() => server.streams.size === 1);
  server.say(1);
  await eventually(() => second.seen.length === 1);
  first.feed.close();
  server.say(2);
  await eventually(() => second.feed.leads);
  server.say(3);
  await eventually(() => second.seen.length === 3);
  assert.deepEqual(second.seen, [1, 2, 3]);
  second.feed.close();
});

test("a tab that is behind catches up by itself", async () => {
  const server = createServer();
  const leader = openTab("late", server);

  await eventually(() => server.streams.size === 1);
  server.say(1);
  server.say(2);
  await eventually(() => leader.seen.length === 2);

  const late = openTab("late", server, 1);
  await eventually(() => late.seen.length === 1);
  server.say(3);
  await eventually(() => late.seen.length === 2);
  assert.deepEqual(late.seen, [2, 3]);
  assert.equal(server.opened(), 1);
  leader.feed.close();
  late.feed.close();
});

test("notes reach the other tabs", async () => {
  const server = createServer();
  const [a, b] = [openTab("notes", server), openTab("notes", server)];

  a.feed.tell(7);
  await eventually(() => b.notes.length === 1);
  assert.deepEqual([a.notes, b.notes], [[], [7]]);
  a.feed.close();
  b.feed.close();
});
