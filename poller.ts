import type { ProcessSnapshot } from "./process/snapshot.ts";

/** The shortest interval a {@linkcode Poller} accepts, in milliseconds. */
export const MIN_INTERVAL_MS = 50;

/** The interval of a {@linkcode Poller} that is given none, in milliseconds. */
export const DEFAULT_INTERVAL_MS = 1000;

/** Where a {@linkcode Poller} takes its time from. */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds from now; returns what calls it off. */
  schedule(fn: () => void, ms: number): () => void;
}

/** Options of a {@linkcode Poller}. */
export interface PollerOptions {
  /** Looks at the process once. */
  take: () => Promise<ProcessSnapshot>;
  /** Receives what `take` saw. */
  onSnapshot: (snapshot: ProcessSnapshot) => void;
  /** Receives what `take` or `onSnapshot` threw; polling goes on. */
  onError: (error: unknown) => void;
  /** Milliseconds from one tick to the next, 50 or more. Default 1000. */
  interval?: number;
  /** Stops the poller for good. */
  signal?: AbortSignal;
  /** The time to go by. Default: the monotonic clock of this machine. */
  clock?: Clock;
}

// Date.now() would follow every correction of the system clock.
const MONOTONIC: Clock = {
  now: () => performance.now(),
  schedule(fn, ms) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Takes one {@linkcode ProcessSnapshot} per interval, never two at a time.
 *
 * It starts at once and stops on {@linkcode stop}, on its signal and when it
 * is disposed of. Ticks lie on a grid of intervals: one that takes longer than
 * an interval makes the poller skip the ticks it missed, so they neither
 * overlap nor pile up. What a tick saw is dropped when the poller was stopped
 * meanwhile.
 */
export class Poller {
  readonly #take: () => Promise<ProcessSnapshot>;
  readonly #onSnapshot: (snapshot: ProcessSnapshot) => void;
  readonly #onError: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  readonly #stop = () => this.stop();
  #interval: number;
  #running = false;
  /** Counts the stops, so that a tick can tell that it was overtaken by one. */
  #stops = 0;
  #tick: Promise<void> | null = null;
  #extraTick: Promise<void> | null = null;
  #due = 0;
  #callOff: (() => void) | undefined;

  /**
   * @throws {TypeError} when the interval is not a number.
   * @throws {RangeError} when the interval is below 50 ms or not finite.
   */
  constructor(options: PollerOptions) {
    this.#interval = checkInterval(options.interval ?? DEFAULT_INTERVAL_MS);
    this.#take = options.take;
    this.#onSnapshot = options.onSnapshot;
    this.#onError = options.onError;
    this.#signal = options.signal;
    this.#clock = options.clock ?? MONOTONIC;
    this.start();
  }

  /** Whether it polls. */
  get running(): boolean {
    return this.#running;
  }

  /** Milliseconds from one tick to the next; a new value counts from now. */
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
    this.#due = this.#clock.now() + this.#interval;
    // A tick from before the stop may still be under way: it starts the next.
    if (!this.#tick) this.#runTick();
  }

  /** Stops polling. A tick under way ends unheard. */
  stop(): void {
    this.#running = false;
    this.#stops++;
    this.#callOff?.();
    this.#signal?.removeEventListener("abort", this.#stop);
  }

  /** Stops polling. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Looks at the process now, also while stopped, and resolves when that has
   * been told. A look that is already under way may be too old to count, so
   * another one follows it.
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
    this.#callOff?.();
    const stops = this.#stops;
    this.#tick = this.#look().finally(() => {
      this.#tick = null;
      if (this.#running && stops !== this.#stops) this.#runTick();
      else this.#schedule();
    });
    return this.#tick;
  }

  async #look(): Promise<void> {
    const stops = this.#stops;
    try {
      const snapshot = await this.#take();
      if (stops === this.#stops) this.#onSnapshot(snapshot);
    } catch (error) {
      if (stops === this.#stops) this.#onError(error);
    }
  }

  #schedule(): void {
    this.#callOff?.();
    if (!this.#running || this.#tick) return;
    const now = this.#clock.now();
    if (this.#due <= now) {
      const missed = Math.floor((now - this.#due) / this.#interval) + 1;
      this.#due += missed * this.#interval;
    }
    // A clock that was set back must not stretch the wait.
    this.#due = Math.min(this.#due, now + this.#interval);
    this.#callOff = this.#clock.schedule(() => {
      this.#due += this.#interval;
      this.#runTick();
    }, this.#due - now);
  }
}

/**
 * Returns the interval, if it is one.
 *
 * @throws {TypeError} when it is not a number.
 * @throws {RangeError} when it is below 50 ms or not finite.
 */
export function checkInterval(ms: number): number {
  if (typeof ms !== "number") {
    throw new TypeError(
      `Cannot poll as 'interval' must be a number of milliseconds: current value is ${
        Deno.inspect(ms)
      }`,
    );
  }
  if (!Number.isFinite(ms) || ms < MIN_INTERVAL_MS) {
    throw new RangeError(
      `Cannot poll as 'interval' must be a finite number of at least ${MIN_INTERVAL_MS} milliseconds: current value is ${ms}`,
    );
  }
  return ms;
}
