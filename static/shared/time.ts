// Times as people read them, by Intl.

const DAY = 24 * 3600 * 1000;

/** 14:05 */
export function clock(at: number, locale: string): string {
  return format(locale, { hour: "numeric", minute: "2-digit" }).format(at);
}

/** The full date and time, for a title. */
export function fullTime(at: number, locale: string): string {
  return format(locale, { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** 3 Mar 2026, 14:05 */
export function dateTime(at: number, locale: string): string {
  return format(locale, { dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** 3 Mar 2026 */
export function date(at: number, locale: string): string {
  return format(locale, { dateStyle: "medium" }).format(at);
}

/** Today, Yesterday, Monday, 3 March, 3 March 2024 */
export function dayName(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);

  if (days < 2) {
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    const text = relative.format(-days, "day");
    return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  }

  if (days < 7) {
    return format(locale, { weekday: "long" }).format(at);
  }

  return format(locale, {
    day: "numeric",
    month: "long",
    ...(sameYear(at, now) ? {} : { year: "numeric" }),
  }).format(at);
}

/** For lists: 14:05 today, then the day. */
export function shortTime(at: number, now: number, locale: string): string {
  return daysBetween(at, now) < 1
    ? clock(at, locale)
    : format(locale, { day: "numeric", month: "short" }).format(at);
}

/** 3 min. ago */
export function ago(at: number, now: number, locale: string): string {
  const seconds = Math.round((at - now) / 1000);
  const steps = [
    [60, 1, "second"],
    [3600, 60, "minute"],
    [86_400, 3600, "hour"],
    [Number.POSITIVE_INFINITY, 86_400, "day"],
  ] as const;
  const relative = new Intl.RelativeTimeFormat(locale, {
    numeric: "auto",
    style: "short",
  });
  const step = steps.find(([limit]) => Math.abs(seconds) < limit) ?? steps[3];

  return relative.format(Math.trunc(seconds / step[1]), step[2]);
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function sameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear();
}

/** Midnights between; a clock that is ahead is still today. */
function daysBetween(at: number, now: number): number {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  // a day with a change of the clock has 23 or 25 hours
  return Math.max(0, Math.round((start(now) - start(at)) / DAY));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are dear to make. */
function format(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);

  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }

  return found;
}
