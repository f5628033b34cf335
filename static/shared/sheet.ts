// Style sheets of a shadow tree, which a policy of the page does not forbid.

/** Beside those that it has; returns how to take it off again. */
export function adopt(shadow: ShadowRoot, text: string): () => void {
  const sheet = new CSSStyleSheet();

  sheet.replaceSync(text);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  return () => {
    shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter(
      (one) => one !== sheet,
    );
  };
}
