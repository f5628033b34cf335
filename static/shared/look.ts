// How the chat looks until somebody chose otherwise.

import type { BrandTexts, Look } from "./types.ts";

export const PLAIN: Look = {
  colour: "",
  side: "end",
  x: 0,
  y: 0,
  icon: "bubble",
  avatar: "",
};

export const NO_TEXTS: BrandTexts = { title: "", welcome: "", away: "" };
