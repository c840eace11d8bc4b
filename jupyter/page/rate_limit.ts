/** The shortest and the longest time between two calls, in milliseconds. */
const MIN_INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 60_000;

/**
 * Spaces out calls that may have to be repeated: the first is made at once, and
 * the intervals double as long as more are needed.
 */
export class RateLimit {
  #interval = MIN_INTERVAL_MS;
  /** When the next call may be made. */
  #next = -Infinity;

  /**
   * Plans a call; returns how long to wait for it, in milliseconds.
   *
   * @param now The time in milliseconds, on a clock that never jumps.
   */
  plan(now: number): number {
    const isQuiet = now > this.#next + this.#interval;
    this.#interval = isQuiet
      ? MIN_INTERVAL_MS
      : Math.min(2 * this.#interval, MAX_INTERVAL_MS);
    const wait = Math.max(0, this.#next - now);
    this.#next = now + wait + this.#interval;
    return wait;
  }
}
