// Builds the front end into ../build/static (or --out=DIR): the loader, the
// panel and its languages, all of these in one file, the console (not with
// --no-console), the demonstration shop.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { shopPages } from "./demo/pages.mjs";
import { checkBudgets } from "./tools/budgets.mjs";
import { Output } from "./tools/output.mjs";
import { cssText, icons, replaced } from "./tools/plugins.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const LOCALES = ["en", "fr", "de"];

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  target: ["safari16.4", "firefox101", "chrome105"],
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [icons, cssText],
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
};

function hashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  return `${name}-${hash}.js`;
}

async function bundle(options) {
  const result = await esbuild.build({ ...common, ...options });
  return result.outputFiles[0].contents;
}

/** An ES module under w/ with the hash of its contents in its name. */
async function buildModule(output, name, entry) {
  const contents = await bundle({ entryPoints: [entry], format: "esm" });
  const file = hashed(name, contents);

  await output.add(`w/${file}`, contents);
  return file;
}

/** What the loader imports: names as in loader/files.ts, and sources. */
const FILES = {
  live: "loader/live.ts",
  panel: "widget/panel.tsx",
  sound: "loader/sound.ts",
  commands: "loader/commands.ts",
  invite: "loader/invite.ts",
  ...Object.fromEntries(LOCALES.map((l) => [l, `locales/widget.${l}.ts`])),
};

/** The loader knows the names of the files that it may import. */
async function buildWidget(output) {
  const names = {};

  for (const [name, entry] of Object.entries(FILES)) {
    names[name] = await buildModule(output, name, entry);
  }

  const loader = {
    entryPoints: ["loader/loader.ts"],
    format: "iife",
    define: { __FILES__: JSON.stringify(names) },
  };

  await output.add("loader.js", await bundle(loader));
  await buildFull(output, loader);
}

/**
 * All of it in one file, which a page may pin by its hash, and the line for
 * such a page.
 */
async function buildFull(output, loader) {
  const contents = await bundle({
    ...loader,
    plugins: [
      ...common.plugins,
      replaced("./files.ts", path.join(here, "loader/files-full.ts")),
    ],
  });
  const name = `w/${hashed("full", contents)}`;

  await output.add(name, contents);
  await output.add(
    "full.html",
    `<script src="/chat/${name}" integrity="sha384-` +
      `${output.files[name].sha384}" crossorigin="anonymous" async></script>\n`,
  );
}

/** The console: an entry, chunks by route, one style sheet, one page. */
async function buildConsole(output) {
  const imports = new Map();
  let entry;

  if (!existsSync(path.join(here, "console/app.tsx"))) {
    return { imports, entry };
  }

  const result = await esbuild.build({
    ...common,
    entryPoints: ["console/app.tsx"],
    outdir: "console",
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    format: "esm",
    splitting: true,
  });

  let html = await readFile(path.join(here, "console/index.html"), "utf8");

  for (const file of result.outputFiles) {
    const name = path.relative(here, file.path);
    await output.add(name, file.contents);
  }

  // index.html names its sources; the page names what was built from them
  for (const [name, meta] of Object.entries(result.metafile.outputs)) {
    imports.set(
      name,
      meta.imports
        .filter(({ kind }) => kind === "import-statement")
        .map(({ path: imported }) => imported),
    );

    if (meta.entryPoint === "console/app.tsx") {
      entry = name;
      html = html.replace("app.tsx", name.replace("console/", ""));

      if (meta.cssBundle) {
        html = html.replace("app.css", meta.cssBundle.replace("console/", ""));
      }
    }
  }

  await output.add("console/index.html", html);
  return { imports, entry };
}

/** The demonstration shop: its pages, and what these load. */
async function buildShop(output) {
  for (const [name, html] of await shopPages()) {
    await output.add(`demo/${name}`, html);
  }

  for (const folder of ["demo", "demo/art"]) {
    for (const name of await readdir(path.join(here, folder))) {
      if (/\.(js|css|svg)$/.test(name)) {
        const file = `${folder}/${name}`;

        await output.add(file, await readFile(path.join(here, file)));
      }
    }
  }
}

async function main() {
  const out = process.argv.find((arg) => arg.startsWith("--out="))?.slice(6);
  const output = new Output(
    path.resolve(out ?? path.join(here, "../build/static")),
  );

  await buildWidget(output);

  const parts = process.argv.includes("--no-console")
    ? { imports: new Map() }
    : await buildConsole(output);

  await buildShop(output);
  await output.finish();

  const broken = checkBudgets(output, parts);

  for (const line of broken) {
    console.error(`over budget: ${line}`);
  }

  process.exitCode = broken.length > 0 ? 1 : 0;
}

await main();
