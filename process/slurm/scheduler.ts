import { readAccounting } from "./sacct.ts";
import type { JobDetails } from "./scontrol.ts";
import { SharedQuery } from "./shared_query.ts";
import { type QueuedJob, readQueue } from "./squeue.ts";
import { type JobUsage, readUsage } from "./sstat.ts";

/** Default time between two calls of `squeue`, in milliseconds. */
const DEFAULT_INTERVAL_MS = 10_000;

const MIN_INTERVAL_MS = 1000;

/** Minimum time until what failed is tried again, in milliseconds: most clusters
 * without accounting, or that do not permit `sstat`, stay like that. */
const RETRY_MS = 60_000;

/** The commands that all jobs of this kernel share. */
class Scheduler {
  #intervalMs = DEFAULT_INTERVAL_MS;
  /** `squeue`. */
  readonly queue: SharedQuery<QueuedJob> = new SharedQuery(
    readQueue,
    () => this.#intervalMs,
  );
  /** `sacct`, which is asked about jobs that have ended. */
  readonly accounting: SharedQuery<JobDetails> = new SharedQuery(
    readAccounting,
    (failed) => failed ? RETRY_MS : this.#intervalMs,
  );
  /** `sstat`. */
  readonly usage: SharedQuery<JobUsage> = new SharedQuery(
    readUsage,
    (failed) => failed ? RETRY_MS : this.#intervalMs,
  );

  /** Milliseconds between two calls of each command. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  set intervalMs(ms: number) {
    if (typeof ms !== "number" || !(ms >= MIN_INTERVAL_MS) || ms === Infinity) {
      throw new RangeError(
        `Cannot ask Slurm as 'interval' must be ${MIN_INTERVAL_MS} or more milliseconds: current value is ${
          Deno.inspect(ms)
        }`,
      );
    }
    this.#intervalMs = ms;
  }
}

/** The scheduler of this machine's cluster. */
export const scheduler: Scheduler = new Scheduler();

/** How often the kernel asks Slurm about all of its jobs. */
export const slurm: {
  /**
   * Milliseconds between two calls of `squeue`, 1000 or more. Default 10,000.
   * One call covers all jobs of the kernel.
   */
  interval: number;
} = {
  get interval() {
    return scheduler.intervalMs;
  },
  set interval(ms) {
    scheduler.intervalMs = ms;
  },
};
