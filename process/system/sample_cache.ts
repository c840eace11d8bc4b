import type { ProcessSample } from "./process_table.ts";

/** Maximum age of a shared sample, in milliseconds. */
const MAX_AGE_MS = 50;

/** Shares each sample of the process table among callers within 50 ms. */
export class SampleCache {
  readonly #take: () => Promise<ProcessSample>;
  #sample: Promise<ProcessSample> | null = null;
  #takenAt = 0;

  constructor(take: () => Promise<ProcessSample>) {
    this.#take = take;
  }

  /** Returns the current sample, or takes a new one. */
  read(): Promise<ProcessSample> {
    const now = performance.now();
    if (this.#sample && now - this.#takenAt < MAX_AGE_MS) return this.#sample;
    const sample = this.#take();
    this.#sample = sample;
    this.#takenAt = now;
    // A failure is not shared with later callers.
    sample.catch(() => this.#sample = null);
    return sample;
  }
}
