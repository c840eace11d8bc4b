/** An answer of the scheduler about one job. */
export interface Answer<T> {
  /** What it said; null if it does not know the job. */
  readonly value: T | null;
  /** When it was asked, on the monotonic clock: what is newer overrules it. */
  readonly askedAt: number;
  /** When it answered, in epoch milliseconds. */
  readonly answeredAt: number;
}

/** What is known about one job. */
export interface Known<T> {
  /** The last answer; null if there was none yet. */
  readonly answer: Answer<T> | null;
  /** Why the last attempt to ask failed; null if it succeeded. */
  readonly failure: string | null;
}

/** Jobs that nobody looked at for so many intervals are not asked about. */
const FORGET_INTERVALS = 3;

/**
 * Asks the scheduler about all jobs that somebody looks at with one command, at
 * most once per interval. It is asked because of looks only, so it has no timer.
 */
export class SharedQuery<T> {
  readonly #ask: (ids: string[]) => Promise<Map<string, T>>;
  readonly #interval: (failed: boolean) => number;
  readonly #looks = new Map<string, number>();
  readonly #answers = new Map<string, Answer<T>>();
  #failure: string | null = null;
  #lastAsked = -Infinity;
  #asking: Promise<void> | null = null;

  /**
   * @param ask Returns what the scheduler knows about these jobs, by their ids.
   * @param interval Returns the minimum time between two questions, in
   * milliseconds, after one that was answered or has failed.
   */
  constructor(
    ask: (ids: string[]) => Promise<Map<string, T>>,
    interval: (failed: boolean) => number,
  ) {
    this.#ask = ask;
    this.#interval = interval;
  }

  /** Returns what is known about a job, and asks if the last time is long ago. */
  look(id: string): Known<T> {
    const now = performance.now();
    this.#looks.set(id, now);
    if (this.#asking === null && now - this.#lastAsked >= this.#intervalMs) {
      this.#lastAsked = now;
      // Later, so that it includes the jobs that are looked at in this turn.
      this.#asking = Promise.resolve().then(() => this.#refresh());
    }
    return { answer: this.#answers.get(id) ?? null, failure: this.#failure };
  }

  /** Waits until the question that is on its way is answered, for up to `ms`. */
  async wait(ms: number): Promise<void> {
    if (this.#asking === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#asking, promise]);
    clearTimeout(timer);
  }

  get #intervalMs(): number {
    return this.#interval(this.#failure !== null);
  }

  async #refresh(): Promise<void> {
    const askedAt = performance.now();
    this.#forget(askedAt);
    const ids = [...this.#looks.keys()];
    try {
      const found = await this.#ask(ids);
      const answeredAt = Date.now();
      for (const id of ids) {
        const value = found.get(id) ?? null;
        this.#answers.set(id, { value, askedAt, answeredAt });
      }
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.#asking = null;
    }
  }

  #forget(now: number): void {
    for (const [id, lookedAt] of this.#looks) {
      if (now - lookedAt <= FORGET_INTERVALS * this.#intervalMs) continue;
      this.#looks.delete(id);
      this.#answers.delete(id);
    }
  }
}
