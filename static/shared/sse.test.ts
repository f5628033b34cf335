import assert from "node:assert/strict";
import { test } from "node:test";
import { SseParser } from "./sse.ts";

const TEXT =
  ': hi\r\n\r\nid: 1\ndata: {"a":1}\n\nid:2\r\rdata: x\ndata: y\nretry: 5\n\n';
const BLOCKS = [
  { id: "1", data: '{"a":1}' },
  { id: "2", data: undefined },
  { id: undefined, data: "x\ny" },
];

test("blocks, with any ends of lines", () => {
  assert.deepEqual(new SseParser().push(TEXT), BLOCKS);
});

test("the same blocks from any cut", () => {
  for (let cut = 0; cut <= TEXT.length; cut++) {
    const parser = new SseParser();
    const blocks = [
      ...parser.push(TEXT.slice(0, cut)),
      ...parser.push(TEXT.slice(cut)),
    ];

    assert.deepEqual(blocks, BLOCKS, `cut at ${cut}`);
  }
});

test("an unfinished block is no block", () => {
  assert.deepEqual(new SseParser().push("id: 1\ndata: x\n"), []);
});
