// esbuild plugins: icons of lucide as data, style sheets as text.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import * as esbuild from "esbuild";

const require = createRequire(import.meta.url);

/** `import send from "icon:send"` gives the icon's [tag, attributes] pairs. */
export const icons = {
  name: "icons",
  setup(build) {
    let nodes;

    build.onResolve({ filter: /^icon:/ }, (args) => ({
      path: args.path.slice(5),
      namespace: "icon",
    }));

    build.onLoad({ filter: /.*/, namespace: "icon" }, async (args) => {
      nodes ??= JSON.parse(
        await readFile(require.resolve("lucide-static/icon-nodes.json")),
      );

      if (!nodes[args.path]) {
        return { errors: [{ text: `lucide has no icon "${args.path}"` }] };
      }

      return { contents: JSON.stringify(nodes[args.path]), loader: "json" };
    });
  },
};

/** `import css from "./x.css?text"` gives the bundled, minified text. */
export const cssText = {
  name: "css-text",
  setup(build) {
    build.onResolve({ filter: /\.css\?text$/ }, (args) => ({
      path: path.resolve(args.resolveDir, args.path.replace(/\?text$/, "")),
      namespace: "css-text",
    }));

    build.onLoad({ filter: /.*/, namespace: "css-text" }, async (args) => {
      const result = await esbuild.build({
        entryPoints: [args.path],
        bundle: true,
        minify: true,
        write: false,
        target: build.initialOptions.target ?? "es2020",
        logLevel: "silent",
      });

      return { contents: result.outputFiles[0].text.trim(), loader: "text" };
    });
  },
};

/** Another file in place of the one that is imported by this name. */
export const replaced = (name, file) => ({
  name: "replaced",
  setup(build) {
    build.onResolve({ filter: /^\./ }, (args) =>
      args.path === name && args.kind === "import-statement"
        ? { path: file }
        : undefined,
    );
  },
});
