/** The clock of the widgets, with timers that cost little however many there are. */

/** A clock with timers; tests replace it. */
export interface Clock {
  /** Returns milliseconds since some fixed moment. */
  now(): number;
  /** Calls `fn` once after `ms` milliseconds; returns what cancels it. */
  schedule(fn: () => void, ms: number): () => void;
  /**
   * Returns by which share of an interval to begin earlier, from 0 to less than 1,
   * so that the ticks of all who ask are spread evenly. Default: 0.
   */
  phase?(): number;
}

// Date.now() would follow every correction of the system clock.
const MONOTONIC: Clock = {
  now: () => performance.now(),
  schedule(fn, ms) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Calls are made in steps of this many milliseconds, never too early. */
const STEP_MS = 10;

/** How long due calls may run before other code gets a turn, in milliseconds. */
const TURN_MS = 4;

/** Multiples of it, modulo 1, are spread evenly however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** A clock whose calls share one timer of another clock. */
export class SharedClock implements Clock {
  readonly #base: Clock;
  /** The calls by the step in which they are due. */
  readonly #steps = new Map<number, Set<() => void>>();
  #cancel: (() => void) | undefined;
  #next = Infinity;
  #phases = 0;

  /** @param base Default: the monotonic clock of this machine. */
  constructor(base: Clock = MONOTONIC) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now();
  }

  schedule(fn: () => void, ms: number): () => void {
    const step = Math.ceil((this.now() + ms) / STEP_MS);
    let calls = this.#steps.get(step);
    if (calls === undefined) this.#steps.set(step, calls = new Set());
    // The same function may be scheduled twice.
    const call = () => fn();
    calls.add(call);
    if (step < this.#next) this.#wake(step);
    return () => this.#remove(step, call);
  }

  phase(): number {
    return this.#phases++ * GOLDEN_RATIO % 1;
  }

  #remove(step: number, call: () => void): void {
    const calls = this.#steps.get(step);
    if (!calls?.delete(call) || calls.size > 0) return;
    this.#steps.delete(step);
    // A timer without calls would keep the program running.
    if (this.#steps.size === 0) this.#wake(Infinity);
  }

  #wake(step: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#next = step;
    if (step === Infinity) return;
    const ms = Math.max(step * STEP_MS - this.now(), 0);
    this.#cancel = this.#base.schedule(() => this.#run(), ms);
  }

  /** Makes the calls that are due; all others get their turn in between. */
  #run(): void {
    const started = this.now();
    // While it runs, calls that are scheduled must not set the timer.
    this.#next = -Infinity;
    try {
      for (const step of this.#stepsUntil(started)) {
        for (const call of this.#steps.get(step) ?? []) {
          if (this.now() - started > TURN_MS) return;
          this.#remove(step, call);
          call();
        }
      }
    } finally {
      this.#wake(this.#firstStep());
    }
  }

  /** Returns the steps that are due, in their order. */
  #stepsUntil(ms: number): number[] {
    const due: number[] = [];
    // Without an iterator, as there are many steps and it runs often.
    this.#steps.forEach((_, step) => {
      if (step * STEP_MS <= ms) due.push(step);
    });
    return due.sort((a, b) => a - b);
  }

  #firstStep(): number {
    let first = Infinity;
    this.#steps.forEach((_, step) => first = Math.min(first, step));
    return first;
  }
}

/** The clock that all pollers of this program share. */
export const sharedClock: Clock = new SharedClock();
