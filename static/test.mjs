// Runs the unit tests: every *.test.ts (or those named as arguments), bundled
// by esbuild as the browser's code is, under node's own test runner.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { cssText, icons } from "./tools/plugins.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
// of this run: another one may be under way
const out = path.join(here, `node_modules/.cache/test-${process.pid}`);

function find(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") {
      return [];
    }

    const name = path.join(folder, entry.name);
    return entry.isDirectory()
      ? find(name)
      : /\.test\.tsx?$/.test(entry.name)
        ? [path.relative(here, name)]
        : [];
  });
}

const tests = process.argv.length > 2 ? process.argv.slice(2) : find(here);

const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: tests,
  outdir: out,
  outbase: here,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [icons, cssText],
  // Node 18 has it under its module's name only
  banner: {
    js: 'import { webcrypto } from "node:crypto"; globalThis.crypto ??= webcrypto;',
  },
  sourcemap: "inline",
  metafile: true,
  logLevel: "warning",
});

const files = Object.keys(result.metafile.outputs).filter((f) =>
  f.endsWith(".mjs"),
);
const reporter = process.stdout.isTTY ? "spec" : "tap";
const run = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", `--test-reporter=${reporter}`, ...files],
  { cwd: here, stdio: "inherit", timeout: 120_000 },
);

rmSync(out, { recursive: true, force: true });
process.exitCode = run.status ?? 1;
