// Reads text/event-stream from a fetch() body. EventSource can't send an
// Authorization header, hides errors, and does not tell when bytes arrive.

export interface SseBlock {
  id: string | undefined;
  data: string | undefined;
}

/** Feeds on text in any cut; gives whole blocks. */
export class SseParser {
  #rest = "";
  #id: string | undefined;
  #data: string[] = [];

  push(text: string): SseBlock[] {
    const blocks: SseBlock[] = [];
    let buffer = this.#rest + text;

    // a CR at the end may be the first half of a CRLF
    const held = buffer.endsWith("\r") ? "\r" : "";
    buffer = buffer.slice(0, buffer.length - held.length);

    const lines = buffer.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + held;

    for (const line of lines) {
      this.#line(line, blocks);
    }

    return blocks;
  }

  #line(line: string, blocks: SseBlock[]): void {
    if (line === "") {
      this.#end(blocks);
      return;
    }

    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");

    if (name === "data") {
      this.#data.push(value);
    } else if (name === "id") {
      this.#id = value;
    }
  }

  #end(blocks: SseBlock[]): void {
    const data = this.#data.length > 0 ? this.#data.join("\n") : undefined;

    if (data !== undefined || this.#id !== undefined) {
      blocks.push({ id: this.#id, data });
    }

    this.#id = undefined;
    this.#data = [];
  }
}
