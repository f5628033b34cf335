import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, dayName, sameDay, shortTime } from "./time.ts";

const NOW = new Date(2026, 2, 30, 0, 30).getTime();
const HOUR = 3600_000;

test("days go by midnights, not by hours", () => {
  assert.equal(dayName(NOW, NOW, "en"), "Today");
  assert.equal(dayName(NOW - HOUR, NOW, "en"), "Yesterday");
  assert.equal(dayName(NOW - HOUR, NOW, "fr"), "Hier");
  assert.equal(dayName(NOW + HOUR, NOW, "de"), "Heute");
  assert.equal(dayName(NOW - 72 * HOUR, NOW, "en"), "Friday");
  assert.equal(dayName(NOW - 240 * HOUR, NOW, "en-GB"), "20 March");
  assert.equal(dayName(NOW - 9000 * HOUR, NOW, "en-GB"), "20 March 2025");
});

test("short times are of today, or a day", () => {
  assert.match(shortTime(NOW, NOW, "en-GB"), /^0?0:30$/);
  assert.equal(shortTime(NOW - 240 * HOUR, NOW, "en-GB"), "20 Mar");
});

test("ago", () => {
  assert.equal(ago(NOW - 5000, NOW, "en"), "5 sec. ago");
  assert.equal(ago(NOW - 125_000, NOW, "en"), "2 min. ago");
  assert.equal(ago(NOW - 3 * HOUR, NOW, "en"), "3 hr. ago");
  assert.equal(ago(NOW - 50 * HOUR, NOW, "en"), "2 days ago");
});

test("same day", () => {
  assert.ok(sameDay(NOW, NOW + HOUR));
  assert.ok(!sameDay(NOW, NOW - HOUR));
});
