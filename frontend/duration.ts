/** Spans of time and moments, in words. */

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** Seconds in their two largest units: "42s", "12m 5s", "2d 4h". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const largest = UNITS.findIndex(([, size]) => whole >= size);
  if (largest === -1) return "0s";
  const [unit, size] = UNITS[largest];
  const parts = [`${Math.floor(whole / size)}${unit}`];
  const smaller = UNITS[largest + 1];
  if (smaller) {
    parts.push(`${Math.floor(whole % size / smaller[1])}${smaller[0]}`);
  }
  return parts.join(" ");
}

/** How long ago a moment was: "just now", "12 s ago", "3 min ago". */
export function formatAge(seconds: number): string {
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A moment in the reader's own time: the time of day, before it the day if not today. */
export function formatMoment(epochMs: number, now: number): string {
  const date = new Date(epochMs);
  const time = date.toLocaleTimeString();
  const today = date.toDateString() === new Date(now).toDateString();
  return today ? time : `${date.toLocaleDateString()}, ${time}`;
}
