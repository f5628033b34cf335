import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem, Unreachable } from "./api.ts";
import { eventually, FakeStorage, installBrowser } from "./fake-browser.ts";
import { createOutbox, type OutboxItem } from "./outbox.ts";

const fake = installBrowser();

function refusal(status: number): Problem {
  return new Problem({ type: "urn:ngx-chat:no", title: "No", status });
}

/** An outbox and what its server would do next. */
function setUp(storage?: Storage, key = `key${Math.random()}`) {
  const server = {
    got: [] as string[],
    errors: [] as Error[],
    hold: undefined as Promise<void> | undefined,
  };
  let items: readonly OutboxItem[] = [];
  const outbox = createOutbox<void>({
    key,
    storage,
    async send(item) {
      await server.hold;
      const error = server.errors.shift();

      if (error) {
        throw error;
      }

      server.got.push(item.text);
    },
    onChange: (next) => {
      items = next;
    },
  });

  return { outbox, server, key, states: () => items.map((i) => i.state) };
}

test("in order, one after the other", async () => {
  const { outbox, server } = setUp();

  for (const text of ["a", "b", "c"]) {
    outbox.add(text);
  }

  await eventually(() => outbox.items.length === 0);
  assert.deepEqual(server.got, ["a", "b", "c"]);
  outbox.close();
});

test("no network: the first waits, and the others behind it", async () => {
  const { outbox, server, states } = setUp();

  server.errors = [new Unreachable()];
  outbox.add("a");
  outbox.add("b");
  await eventually(() => outbox.items[0]?.tries === 1);
  assert.deepEqual(server.got, []);
  assert.deepEqual(states(), ["queued", "queued"]);

  fake.window.dispatchEvent(new Event("online"));
  await eventually(() => outbox.items.length === 0);
  assert.deepEqual(server.got, ["a", "b"]);
  outbox.close();
});

test("a refused one waits for a person, the others go on", async () => {
  const { outbox, server, states } = setUp();

  server.errors = [refusal(422)];
  const first = outbox.add("a");
  outbox.add("b");
  await eventually(() => server.got.length === 1);
  await eventually(() => outbox.items.length === 1);
  assert.deepEqual(states(), ["failed"]);
  assert.equal(outbox.items[0]?.problem, "urn:ngx-chat:no");

  outbox.retry(first.clientId);
  await eventually(() => outbox.items.length === 0);
  assert.deepEqual(server.got, ["b", "a"]);
  outbox.close();
});

test("a refused one can be discarded", async () => {
  const { outbox, server, states } = setUp();

  server.errors = [refusal(413)];
  const item = outbox.add("a");
  await eventually(() => states()[0] === "failed");
  outbox.discard(item.clientId);
  assert.deepEqual(outbox.items, []);
  outbox.close();
});

test("lanes don't wait for each other", async () => {
  const { outbox, server } = setUp();

  server.errors = [new Unreachable()];
  outbox.add("slow", "1");
  outbox.add("quick", "2");
  await eventually(() => server.got.includes("quick"));
  assert.deepEqual(server.got, ["quick"]);
  outbox.close();
});

test("the queue outlives the page", async () => {
  const storage = new FakeStorage();
  const first = setUp(storage);

  first.server.errors = [new Unreachable()];
  first.outbox.add("a");
  first.outbox.add("b");
  await eventually(() => first.outbox.items[0]?.tries === 1);
  first.outbox.close();

  const second = setUp(storage, first.key);
  await eventually(() => second.outbox.items.length === 0);
  assert.deepEqual(second.server.got, ["a", "b"]);
  assert.equal(storage.length, 0);
  second.outbox.close();
});

test("two tabs with one queue send each item once", async () => {
  const storage = new FakeStorage();
  const one = setUp(storage);
  const two = setUp(storage, one.key);

  one.outbox.add("a");
  two.outbox.add("b");
  one.outbox.add("c");
  await eventually(() => storage.length === 0);
  assert.deepEqual([...one.server.got, ...two.server.got].sort(), [
    "a",
    "b",
    "c",
  ]);
  one.outbox.close();
  two.outbox.close();
});

test("what the stream has brought is not sent again", async () => {
  const { outbox, server } = setUp();

  server.errors = [new Unreachable()];
  const item = outbox.add("a");
  await eventually(() => outbox.items[0]?.tries === 1);
  outbox.settle(item.clientId);
  fake.window.dispatchEvent(new Event("online"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(server.got, []);
  outbox.close();
});

test("rubbish in the storage is no queue", () => {
  const storage = new FakeStorage();

  for (const text of ["{", "{}", "[1,null]", '[{"clientId":1}]', "null"]) {
    storage.setItem("rubbish", text);
    const { outbox } = setUp(storage, "rubbish");
    assert.deepEqual(outbox.items, []);
    outbox.close();
  }
});
