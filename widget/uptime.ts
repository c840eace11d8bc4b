const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Formats a duration in its two largest units: "42s", "12m 5s", "3h 12m",
 * "2d 4h".
 *
 * @param ms Milliseconds. Negative values, as after a correction of the system
 * clock, count as 0.
 */
export function formatUptime(ms: number): string {
  const whole = (unit: number, of = Infinity) =>
    Math.floor(Math.max(ms, 0) % of / unit);
  if (ms < MINUTE) return `${whole(SECOND)}s`;
  if (ms < HOUR) return `${whole(MINUTE)}m ${whole(SECOND, MINUTE)}s`;
  if (ms < DAY) return `${whole(HOUR)}h ${whole(MINUTE, HOUR)}m`;
  return `${whole(DAY)}d ${whole(HOUR, DAY)}h`;
}
