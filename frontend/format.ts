/** Formats durations, times and sizes. */

const TIME_UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Formats seconds in their two largest units: "42s", "12m 5s", "2d 4h". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = TIME_UNITS.findIndex(([, size]) => whole >= size);
  if (largest === -1) return "0s";
  const [unit, size] = TIME_UNITS[largest];
  const parts = [`${Math.floor(whole / size)}${unit}`];
  const smaller = TIME_UNITS[largest + 1];
  if (smaller) {
    parts.push(`${Math.floor(whole % size / smaller[1])}${smaller[0]}`);
  }
  return parts.join(" ");
}

/** Formats an age in seconds: "just now", "12 s ago", "3 min ago". */
export function formatAge(seconds: number): string {
  if (seconds < 2) return "just now";
  const [unit, size] = TIME_UNITS.find(([, size]) => seconds >= size)!;
  return `${Math.floor(seconds / size)} ${unit === "m" ? "min" : unit} ago`;
}

/**
 * Formats a local time, with the date unless it is the same day as `now`. Both
 * are in epoch milliseconds.
 */
export function formatTime(epochMs: number, now: number): string {
  const date = new Date(epochMs);
  const time = date.toLocaleTimeString();
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? time : `${date.toLocaleDateString()}, ${time}`;
}

/** Formats bytes with at most three digits: "12.3 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${SIZE_UNITS[unit]}`;
}

/** Formats a percentage with about two digits: "3.4 %", "112 %". */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
