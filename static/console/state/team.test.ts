import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operator, PresenceEvent } from "../../shared/types.ts";

// what api.ts asks the page for when it is loaded
Object.assign(globalThis, {
  document: { baseURI: "https://shop.example/chat/console/" },
});

const { colleagues, loadColleagues, takePresence } = await import("./team.ts");

const ADA: Operator = {
  id: 1,
  login: "ada",
  name: "Ada",
  role: "agent",
  status: "offline",
  present: false,
  disabled: false,
  created_at: 1000,
};

function presence(operator: number, present: boolean): PresenceEvent {
  return {
    type: "presence",
    at: 2000,
    author: { kind: "operator", id: operator, name: "Ada" },
    data: { operator, status: present ? "online" : "offline", present },
  };
}

/** Answers that come when they are told to, in the order of the questions. */
function server() {
  const waiting: ((operators: readonly Operator[]) => void)[] = [];
  globalThis.fetch = () =>
    new Promise((resolve) => {
      waiting.push((operators) => resolve(Response.json({ operators })));
    });
  return (operators: readonly Operator[]) => waiting.shift()?.(operators);
}

const there = () => colleagues.value.map(({ present }) => present);

test("a list that was made before an event does not undo it", async () => {
  const answer = server();
  const loaded = loadColleagues();
  takePresence(presence(1, true));
  answer([ADA]);
  // the second question, of an event about somebody unknown
  answer([ADA]);
  await loaded;
  assert.deepEqual(there(), [true]);
});

test("nor does one, when it is asked for once more meanwhile", async () => {
  colleagues.value = [ADA];
  const answer = server();
  const first = loadColleagues();
  takePresence(presence(1, true));
  const second = loadColleagues();
  answer([ADA]);
  await first;
  assert.deepEqual(there(), [true]);
  answer([ADA]);
  await second;
  assert.deepEqual(there(), [true]);
});

test("what came before it was asked for is not applied to it", async () => {
  const answer = server();
  takePresence(presence(1, true));
  const loaded = loadColleagues();
  answer([ADA]);
  await loaded;
  assert.deepEqual(there(), [false]);
});

test("an event about somebody new asks for the list", async () => {
  const answer = server();
  takePresence(presence(2, true));
  answer([ADA, { ...ADA, id: 2, login: "bob", name: "Bob" }]);
  while (colleagues.value.length < 2) {
    await new Promise(setImmediate);
  }
  assert.deepEqual(there(), [false, true]);
});
