// The time as something to look at: it stands still while nobody looks.

import { signal } from "@preact/signals";

export const now = signal(Date.now());

export function startClock(): void {
  const tick = () => {
    now.value = Date.now();
  };
  setInterval(() => {
    if (document.visibilityState === "visible") {
      tick();
    }
  }, 1000);
  document.addEventListener("visibilitychange", tick);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Formats are dear to make, and a long list ticks with many of them. */
function unit(value: number, name: string, locale: string): string {
  const key = `${locale} ${name}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "unit",
      unit: name,
      unitDisplay: "short",
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** 45 sec, 4 min, 2 hr 5 min, 3 days: never more than two units. */
export function duration(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) {
    return unit(seconds, "second", locale);
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return unit(minutes, "minute", locale);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const rest = minutes % 60;
    const tail = rest > 0 ? ` ${unit(rest, "minute", locale)}` : "";
    return unit(hours, "hour", locale) + tail;
  }
  return unit(Math.floor(hours / 24), "day", locale);
}
