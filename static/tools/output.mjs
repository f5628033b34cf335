// The output folder: atomic writes, compressed siblings, the manifest,
// budgets, and the removal of what no page can ask for any more.

import { createHash } from "node:crypto";
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

const TEXT = /\.(js|css|html|json|svg|txt|map)$/;
const COMPRESS_FROM = 1000;

// An open page may ask for its own version's files for this long.
const KEEP_MS = 7 * 24 * 3600 * 1000;
const KEPT = ["w", "console/assets"];

export class Output {
  constructor(root) {
    this.root = root;
    this.files = {};
  }

  /** Writes a file and its .gz and .br siblings, when they changed. */
  async add(name, contents) {
    const data = Buffer.from(contents);
    const entry = {
      bytes: data.length,
      sha384: createHash("sha384").update(data).digest("base64"),
    };

    await this.#put(name, data);

    if (TEXT.test(name) && data.length > COMPRESS_FROM) {
      const gz = await gzip(data, { level: 9 });
      const br = await brotli(data, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
          [zlib.constants.BROTLI_PARAM_SIZE_HINT]: data.length,
        },
      });

      await this.#put(`${name}.gz`, gz);
      await this.#put(`${name}.br`, br);
      entry.gz = gz.length;
      entry.br = br.length;
    }

    this.files[name] = entry;
  }

  /** Bytes as a browser gets them. */
  size(name) {
    const entry = this.files[name];
    return entry.br ?? entry.bytes;
  }

  /** Other builds may read here meanwhile, so a file appears whole or not. */
  async #put(name, data) {
    const file = path.join(this.root, name);
    const old = await readFile(file).catch(() => undefined);

    if (old?.equals(data)) {
      return;
    }

    const temporary = `${file}.${process.pid}.tmp`;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(temporary, data);
    await rename(temporary, file);
  }

  /** Writes the manifest and removes what is neither current nor recent. */
  async finish() {
    const previous = await this.#previous();
    const names = Object.keys(this.files).sort();
    const files = Object.fromEntries(names.map((n) => [n, this.files[n]]));

    // A file's age counts from the day that it stopped being current.
    const now = new Date();
    for (const name of new Set([...previous, ...names])) {
      if (KEPT.some((dir) => name.startsWith(`${dir}/`))) {
        await this.#touch(name, now);
      }
    }

    await this.#put(
      "manifest.json",
      Buffer.from(`${JSON.stringify({ files }, null, 2)}\n`),
    );

    for (const dir of KEPT) {
      await this.#prune(dir, now.getTime() - KEEP_MS);
    }
  }

  async #previous() {
    try {
      const text = await readFile(path.join(this.root, "manifest.json"));
      return Object.keys(JSON.parse(text).files);
    } catch {
      return [];
    }
  }

  async #touch(name, time) {
    for (const suffix of ["", ".gz", ".br"]) {
      const file = path.join(this.root, name + suffix);
      await utimes(file, time, time).catch(() => undefined);
    }
  }

  async #prune(dir, before) {
    const folder = path.join(this.root, dir);

    for (const name of await readdir(folder).catch(() => [])) {
      const file = path.join(folder, name);
      const info = await stat(file).catch(() => undefined);

      if (info?.isFile() && info.mtimeMs < before) {
        await rm(file, { force: true });
      }
    }
  }
}
