import type { ProcessUsage } from "../system/usage.ts";
import { scheduler } from "./scheduler.ts";
import type { Answer } from "./shared_query.ts";
import type { JobUsage } from "./sstat.ts";

/** Measures what one job uses from sample to sample. */
export class JobUsageMeter {
  #before: Answer<JobUsage> | null = null;
  #last: ProcessUsage | null = null;

  /**
   * Returns what a job uses, as far as Slurm has answered; null if it is not
   * running, or Slurm does not permit or know it.
   */
  read(jobId: string | null): ProcessUsage | null {
    if (jobId === null) {
      this.#before = null;
      return this.#last = null;
    }
    const { answer } = scheduler.usage.look(jobId);
    if (answer === this.#before) return this.#last;
    this.#last = answer && compare(answer, this.#before);
    this.#before = answer;
    return this.#last;
  }
}

function compare(
  { value, askedAt }: Answer<JobUsage>,
  before: Answer<JobUsage> | null,
): ProcessUsage | null {
  if (value === null) return null;
  const { cpuSeconds, memoryBytes } = value;
  const earlier = before?.value;
  if (!before || !earlier || earlier.cpuSeconds > cpuSeconds) {
    return { cpuPercent: null, memoryBytes };
  }
  const seconds = (askedAt - before.askedAt) / 1000;
  const cpuPercent = 100 * (cpuSeconds - earlier.cpuSeconds) / seconds;
  return { cpuPercent, memoryBytes };
}
