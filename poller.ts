import { type Clock, sharedClock } from "./widget/clock.ts";

/** Minimum interval of a {@linkcode Poller}, in milliseconds. */
export const MIN_INTERVAL_MS = 50;

/** Maximum interval of a {@linkcode Poller}, in milliseconds: a day. A timer fires
 * at once if its delay exceeds 2³¹ − 1 ms. */
const MAX_INTERVAL_MS = 86_400_000;

/** Default interval of a {@linkcode Poller}, in milliseconds. */
export const DEFAULT_INTERVAL_MS = 1000;

/** Options of {@linkcode Poller}. */
export interface PollerOptions<T> {
  /** Polls once. */
  poll: () => Promise<T>;
  /** Receives the result of each poll. */
  onSnapshot: (snapshot: T) => void;
  /** Receives what `poll` or `onSnapshot` threw; polling continues. */
  onError: (error: unknown) => void;
  /** Milliseconds between two ticks, from 50 to 86,400,000. Default 1000. */
  interval?: number;
  /** Stops the poller for good. */
  signal?: AbortSignal;
  /** Default: the monotonic clock, with one timer for all pollers. */
  clock?: Clock;
}

/**
 * Polls once per interval, never twice at the same time.
 *
 * It starts immediately and stops on {@linkcode stop}, on its signal and when
 * disposed of. Ticks lie on a grid of intervals, those of several pollers spread
 * over the interval: if a poll takes longer than an interval, the ticks it missed
 * are skipped, so they neither overlap nor pile up. The result of a poll is
 * dropped if the poller was stopped meanwhile.
 */
export class Poller<T> {
  readonly #poll: () => Promise<T>;
  readonly #onSnapshot: (snapshot: T) => void;
  readonly #onError: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #stop = () => this.stop();
  /** By which share of an interval its ticks are ahead of those of others. */
  readonly #phase: number;
  #interval: number;
  #running = false;
  /** Number of stops so far, by which a tick detects that it was stopped. */
  #stops = 0;
  #tick: Promise<void> | null = null;
  #extraTick: Promise<void> | null = null;
  #due = 0;
  #cancel: (() => void) | undefined;

  /**
   * @throws {TypeError} If the interval is not a number.
   * @throws {RangeError} If the interval is below 50 ms or above a day.
   */
  constructor(options: PollerOptions<T>) {
    this.#interval = checkInterval(options.interval ?? DEFAULT_INTERVAL_MS);
    this.#poll = options.poll;
    this.#onSnapshot = options.onSnapshot;
    this.#onError = options.onError;
    this.#signal = options.signal;
    this.#clock = options.clock ?? sharedClock;
    this.#phase = this.#clock.phase?.() ?? 0;
    this.start();
  }

  /** Whether it polls. */
  get running(): boolean {
    return this.#running;
  }

  /** Milliseconds between two ticks; a new value applies from now on. */
  get interval(): number {
    return this.#interval;
  }

  set interval(ms: number) {
    this.#interval = checkInterval(ms);
    this.#due = this.#clock.now() + this.#interval;
    this.#schedule();
  }

  /** Starts polling again after a stop; does nothing after an abort. */
  start(): void {
    if (this.#running || this.#signal?.aborted) return;
    this.#signal?.addEventListener("abort", this.#stop, { once: true });
    this.#running = true;
    this.#due = this.#clock.now() + this.#interval * (1 - this.#phase);
    // A tick from before the stop may still be running: it starts the next one.
    if (!this.#tick) this.#runTick();
  }

  /** Stops polling, and drops the result of a running poll. */
  stop(): void {
    this.#running = false;
    this.#stops++;
    this.#cancel?.();
    this.#signal?.removeEventListener("abort", this.#stop);
  }

  /** Does the same as {@linkcode Poller.stop}. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Polls now, even while stopped; resolves when the result was received. The
   * result of a poll that is already running may be outdated, so another poll
   * follows it.
   */
  refresh(): Promise<void> {
    if (this.#signal?.aborted) return Promise.resolve();
    if (!this.#tick) return this.#runTick();
    this.#extraTick ??= this.#tick.then(() => {
      this.#extraTick = null;
      // The tick that ended may have started the next one already.
      return this.#tick ?? this.#runTick();
    });
    return this.#extraTick;
  }

  #runTick(): Promise<void> {
    this.#cancel?.();
    const stops = this.#stops;
    this.#tick = this.#pollOnce().finally(() => {
      this.#tick = null;
      if (this.#running && stops !== this.#stops) this.#runTick();
      else this.#schedule();
    });
    return this.#tick;
  }

  async #pollOnce(): Promise<void> {
    const stops = this.#stops;
    try {
      const snapshot = await this.#poll();
      if (stops === this.#stops) this.#onSnapshot(snapshot);
    } catch (error) {
      if (stops === this.#stops) this.#onError(error);
    }
  }

  #schedule(): void {
    this.#cancel?.();
    if (!this.#running || this.#tick) return;
    const now = this.#clock.now();
    if (this.#due <= now) {
      const missed = Math.floor((now - this.#due) / this.#interval) + 1;
      this.#due += missed * this.#interval;
    }
    // If the clock was set back, the wait must not grow.
    this.#due = Math.min(this.#due, now + this.#interval);
    this.#cancel = this.#clock.schedule(() => {
      this.#due += this.#interval;
      this.#runTick();
    }, this.#due - now);
  }
}

/**
 * Returns a valid interval unchanged.
 *
 * @throws {TypeError} If it is not a number.
 * @throws {RangeError} If it is below 50 ms or above a day.
 */
export function checkInterval(ms: unknown): number {
  if (typeof ms !== "number") {
    throw new TypeError(
      `Cannot poll as 'interval' must be a number of milliseconds: current value is ${
        Deno.inspect(ms)
      }`,
    );
  }
  if (ms >= MIN_INTERVAL_MS && ms <= MAX_INTERVAL_MS) return ms;
  throw new RangeError(
    `Cannot poll as 'interval' must be a number of milliseconds from ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}: current value is ${ms}`,
  );
}
