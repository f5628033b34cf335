// The colour of text on a customer's own colour.

/** #fff or #000 by WCAG contrast; one of them always has 4.5 or more. */
export function onColour(hex: string): "#fff" | "#000" {
  return contrast(luminance(hex), 1) >= contrast(luminance(hex), 0)
    ? "#fff"
    : "#000";
}

/** #rgb or #rrggbb, else undefined. */
export function parseColour(text: string | undefined): string | undefined {
  const found = text?.trim();
  return found && /^#([\da-f]{3}|[\da-f]{6})$/i.test(found) ? found : undefined;
}

function luminance(hex: string): number {
  const digits = hex.slice(1);
  const wide =
    digits.length === 3
      ? digits.replace(/./g, (digit) => digit + digit)
      : digits;
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(wide.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];

  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
