import { delay } from "@std/async";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { jobsOf } from "./array.ts";
import { runCommand } from "./command.ts";
import { findJob, type JobDetails } from "./scontrol.ts";
import { readRun, recordEnd, refreshFolder, writeJobStop } from "./records.ts";
import { type ActiveJob, findActiveJobs } from "./submit.ts";
import { phaseOf } from "./states.ts";

/** How often the files are checked for the exit, in milliseconds. */
const CHECK_MS = 100;

/** How often Slurm is asked whether the job has ended, in milliseconds. */
const ASK_MS = 2000;

/** How much longer than the grace period a job may take to end, in milliseconds:
 * more than Slurm waits by default before it kills what is left (`KillWait`). */
const MARGIN_MS = 45_000;

/** A process that was ended. */
export interface EndedProcess {
  /** The pid that it had on its node. */
  readonly pid: number;
  /** The name of its program, or null if unknown. */
  readonly name: string | null;
  /** The last signal that it was sent. */
  readonly signal: "SIGTERM" | "SIGKILL";
}

/**
 * Ends the job of a directory: at once if it is pending; otherwise Slurm sends
 * SIGTERM to all of its processes, and the batch script SIGKILL to those that are
 * left after the grace period.
 *
 * @returns The process that was ended, if it ran.
 * @throws {ReasonError} If Slurm refuses it, or the job does not end in time.
 */
export async function cancelJob(
  directory: ProcessDirectory,
  graceMs: number,
): Promise<EndedProcess[]> {
  await directory.checkOwner();
  const active = await findActiveJobs(directory);
  if (active.length === 0) return [];
  await Promise.all(
    active.map(({ directory, jobId }) =>
      writeJobStop(directory, jobId, graceMs)
    ),
  );
  const ids = jobsOf(active.map(({ jobId }) => jobId));
  // Where a single task was meant, the other ones go on.
  const [only] = active;
  const cancelled = active.length === 1 ? [only.jobId] : ids;
  try {
    // The scheduler marks them as cancelled, and they are not requeued.
    await runCommand("scancel", cancelled);
  } catch (error) {
    // They may have ended by themselves.
    if ((await findActiveJobs(directory)).length > 0) throw error;
  }
  const ended = await Promise.all(
    active.map((job) => waitAndRecord(job, graceMs + MARGIN_MS)),
  );
  return ended.flat();
}

/** Waits until a job has ended, and records that. */
async function waitAndRecord(
  { directory, jobId }: ActiveJob,
  timeoutMs: number,
): Promise<EndedProcess[]> {
  const details = await waitUntilEnded(directory, jobId, timeoutMs);
  const { pid, exit } = await readRun(directory, jobId);
  if (details !== null) {
    const { state, endAt } = details;
    // What the batch script does not record, it was killed with.
    const { code, signal } = exit ??
      (state === "CANCELLED" && pid !== null
        ? { code: null, signal: "SIGKILL" }
        : details);
    const endedAt = endAt ?? Date.now();
    await recordEnd(directory, {
      jobId,
      state,
      note: null,
      code,
      signal,
      endedAt,
    });
  }
  if (pid === null) return [];
  const isKilled = exit === null || exit.signal === "SIGKILL";
  return [{ pid, name: null, signal: isKilled ? "SIGKILL" : "SIGTERM" }];
}

/** Waits until Slurm says that a job has ended; null if it has forgotten it. */
async function waitUntilEnded(
  directory: ProcessDirectory,
  jobId: string,
  timeoutMs: number,
): Promise<JobDetails | null> {
  const deadline = performance.now() + timeoutMs;
  let nextAsk = -Infinity;
  let isRecorded = false;
  while (true) {
    const { exit } = await readRun(directory, jobId);
    const now = performance.now();
    // The job ends at once when the batch script has recorded the exit.
    if (exit !== null && !isRecorded) nextAsk = now;
    isRecorded = exit !== null;
    if (now >= nextAsk) {
      const found = await findJob(jobId);
      if (found === null) return null;
      if (phaseOf(found.state) === "ended") {
        if (!isRecorded) await refreshFolder(directory);
        return found;
      }
      nextAsk = now + (isRecorded ? 5 * CHECK_MS : ASK_MS);
    }
    if (now > deadline) break;
    await delay(CHECK_MS);
  }
  throw new ReasonError(
    `Slurm has not ended job ${jobId} within ${
      timeoutMs / 1000
    } s: see 'scontrol show job ${jobId}'`,
  );
}
