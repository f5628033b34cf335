import assert from "node:assert/strict";
import { test } from "node:test";
import { chime } from "./sound.ts";

/** What a browser has for it; time passes when the test says so. */
function installTabs() {
  const timers: { at: number; run(): void }[] = [];
  const held = new Set<string>();
  let now = 0;
  let notes = 0;

  const node = {
    frequency: {},
    gain: {
      setValueAtTime() {},
      linearRampToValueAtTime() {},
      exponentialRampToValueAtTime() {},
    },
    connect: () => node,
    start() {
      notes++;
    },
    stop() {},
  };

  const fakes = {
    navigator: {
      userActivation: { hasBeenActive: true },
      locks: {
        async request(
          name: string,
          _: unknown,
          action: (lock: unknown) => Promise<boolean>,
        ) {
          if (held.has(name)) {
            return action(null);
          }

          held.add(name);

          try {
            return await action({ name });
          } finally {
            held.delete(name);
          }
        },
      },
    },
    AudioContext: class {
      currentTime = 0;
      async resume() {}
      createOscillator = () => node;
      createGain = () => node;
    },
    setTimeout: (run: () => void, ms: number) => {
      timers.push({ at: now + ms, run });
    },
  };

  for (const [name, value] of Object.entries(fakes)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }

  return {
    notes: () => notes,
    pass: async (ms: number) => {
      now += ms;

      for (const { at, run } of timers) {
        if (at <= now) {
          run();
        }
      }

      // what waited for it is done before the next task
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("one tab sounds, however slow the others are to hear of it", async () => {
  const tabs = installTabs();
  const first = chime("chat:1");

  await tabs.pass(0);
  assert.equal(tabs.notes(), 2);

  await tabs.pass(4000);
  assert.equal(await chime("chat:1"), false, "it was told already");
  assert.equal(tabs.notes(), 2);

  const next = chime("chat:2");

  await tabs.pass(0);
  await tabs.pass(5000);
  assert.equal(tabs.notes(), 4, "another message is another sound");
  assert.deepEqual(await Promise.all([first, next]), [true, true]);
});
