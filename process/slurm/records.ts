/** The files that the kernel keeps about the job of a process. */
import {
  formatJob,
  formatJobEnd,
  isOfRun,
  type JobEnd,
  type JobRecord,
  parseJob,
  parseJobEnd,
  parseJobStart,
} from "../directory/job_formats.ts";
import { type ExitRecord, parseExit } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import {
  createEmpty,
  removeIfExists,
  writeAtomically,
} from "../files/atomic_write.ts";
import { gated } from "../files/gate.ts";
import { ParsedFile } from "../files/parsed_file.ts";
import { ReasonError } from "../files/reading.ts";
import { exists } from "../files/regular_file.ts";

/**
 * Reads as which job a process was submitted; null if it was not.
 *
 * @throws {ReasonError} If that is unknown.
 */
export async function readJob(
  { jobFile }: ProcessDirectory,
): Promise<JobRecord | null> {
  const { value, error } = await new ParsedFile(jobFile, parseJob).read();
  if (error === null) return value;
  throw new ReasonError(
    `its job may be running. ${error}. If it is not running, delete that file`,
  );
}

/**
 * Prepares for the submission of a new job: removes what its predecessor left,
 * and creates the logs, which others must not read.
 */
export async function clearRecords(directory: ProcessDirectory): Promise<void> {
  await directory.removeHealth();
  await directory.removeExit();
  for (
    const file of [
      directory.jobFile,
      directory.jobStartFile,
      directory.jobEndFile,
      directory.jobStopFile,
    ]
  ) await removeIfExists(file);
  for (const log of [directory.stdoutLog, directory.stderrLog]) {
    if (!await exists(log)) await createEmpty(log);
  }
}

/** Records as which job a process was submitted. */
export async function writeJob(
  { jobFile }: ProcessDirectory,
  job: JobRecord,
): Promise<void> {
  await writeAtomically(jobFile, formatJob(job));
}

/**
 * Tells the batch script that its job is about to be ended on request, and after
 * which time to kill the process.
 */
export async function writeJobStop(
  { jobStopFile }: ProcessDirectory,
  jobId: string,
  graceMs: number,
): Promise<void> {
  await writeAtomically(jobStopFile, `${jobId} ${graceMs / 1000}\n`);
}

/**
 * Records what the scheduler said of the end of a job, as it forgets it within
 * minutes. Does nothing in a directory of another user, or one that cannot be
 * written.
 */
export async function recordEnd(
  directory: ProcessDirectory,
  end: JobEnd,
): Promise<void> {
  try {
    if (!await directory.checkOwner()) return;
    await writeAtomically(directory.jobEndFile, formatJobEnd(end));
  } catch {
    // The next poll tries again.
  }
}

/** Returns what is recorded about the last run of a job, and about its end. */
export async function readRun(
  directory: ProcessDirectory,
  jobId: string,
): Promise<{ pid: number | null; exit: ExitRecord | null; isEnded: boolean }> {
  const { value: start } = await new ParsedFile(
    directory.jobStartFile,
    parseJobStart,
  ).read();
  const { value: exit } = await new ParsedFile(directory.exitFile, parseExit)
    .read();
  const { value: end } = await new ParsedFile(directory.jobEndFile, parseJobEnd)
    .read();
  const run = start?.jobId === jobId ? start : null;
  return {
    pid: run?.pid ?? null,
    exit: isOfRun(exit?.job, jobId, run) ? exit : null,
    isEnded: end?.jobId === jobId,
  };
}

/** Makes a network file system look for files that it may have cached as missing. */
export async function refreshFolder({ path }: ProcessDirectory): Promise<void> {
  const list = () => Array.fromAsync(Deno.readDir(path));
  await gated(path, list).catch(() => []);
}
