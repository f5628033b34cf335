/** A style sheet as its minified text, for constructable sheets. */
declare module "*.css?text" {
  const text: string;
  export default text;
}

/** A style sheet that the build bundles beside the entry (the console's). */
declare module "*.css";

/** An icon of lucide by its name: `import send from "icon:send"`. */
declare module "icon:*" {
  const nodes: import("./ui/icon.tsx").IconNodes;
  export default nodes;
}

/** What the build knows of the loader's files; see build.mjs. */
declare const __FILES__: Readonly<
  Record<keyof import("../loader/files.ts").Files, string>
>;
