import type { ProcessSample } from "./process_table.ts";

/**
 * Default maximum age of a shared sample, in milliseconds: less than a second, so
 * that a caller that samples once per second gets a new one each time.
 */
export const MAX_SAMPLE_AGE_MS = 900;

/** Shares each sample of the process table among callers shortly after each other. */
export class SampleCache {
  readonly #take: () => Promise<ProcessSample>;
  readonly #maxAgeMs: number;
  #sample: Promise<ProcessSample> | null = null;
  #takenAt = 0;

  constructor(take: () => Promise<ProcessSample>, maxAgeMs: number) {
    this.#take = take;
    this.#maxAgeMs = maxAgeMs;
  }

  /** Returns the current sample, or takes a new one. */
  read(): Promise<ProcessSample> {
    const now = performance.now();
    const age = now - this.#takenAt;
    if (this.#sample && age < this.#maxAgeMs) return this.#sample;
    const sample = this.#take();
    this.#sample = sample;
    this.#takenAt = now;
    // A failure is not shared with later callers.
    sample.catch(() => this.#sample = null);
    return sample;
  }
}
