import type { ProcessConfig } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { writeAtomically } from "../files/atomic_write.ts";
import { ReasonError } from "../files/reading.ts";
import { formatBatchScript } from "./batch_script.ts";
import { runCommand } from "./command.ts";
import { checkSlurmOptions, outputPattern, sbatchOptions } from "./options.ts";
import { parseLimit } from "./notation.ts";
import { clearRecords, readJob, readRun, writeJob } from "./records.ts";
import { findJob } from "./scontrol.ts";
import { phaseOf } from "./states.ts";

/**
 * Submits the process of a directory as its config specifies.
 *
 * @throws {ReasonError} If it is already pending or running, or Slurm refuses
 * it; the message quotes Slurm's.
 */
export async function submitJob(directory: ProcessDirectory): Promise<void> {
  using lock = await directory.lock();
  if (lock === null) {
    throw new ReasonError("its directory was removed: run it again");
  }
  const active = await findActiveJob(directory);
  if (active !== null) {
    throw new ReasonError(
      `it is already ${
        phaseOf(active.state)
      } as job ${active.jobId}: terminate it first, or restart it`,
    );
  }
  await directory.secure();
  const config = await directory.readConfig();
  if (!config?.cmd?.length) {
    throw new ReasonError("its config.json has no 'cmd': run it again");
  }
  const command = await prepare(directory, { ...config, cmd: config.cmd });
  await clearRecords(directory);
  const output = await runCommand("sbatch", command);
  const [jobId] = output.trim().split("\n").at(-1)!.split(";");
  if (!/^\d+$/.test(jobId)) {
    throw new ReasonError(`'sbatch' printed no job id: ${output.trim()}`);
  }
  await writeJob(directory, { jobId, submittedAt: Date.now() });
}

/** Writes the batch script; returns the arguments of `sbatch`. */
async function prepare(
  directory: ProcessDirectory,
  { cmd, env, ttlSeconds, runner }: ProcessConfig & { cmd: readonly string[] },
): Promise<string[]> {
  const options = sbatchOptions(checkSlurmOptions(runner), ttlSeconds);
  const cwd = await directory.readCwd() ?? Deno.cwd();
  const args = [
    "--parsable",
    `--job-name=${directory.name}`,
    `--chdir=${cwd}`,
    `--output=${outputPattern(directory.stdoutLog)}`,
    `--error=${outputPattern(directory.stderrLog)}`,
    "--open-mode=append",
    ...options,
    directory.jobScript,
  ];
  const script = formatBatchScript(directory, {
    cmd,
    cwd,
    env: env ?? {},
    limitSeconds: limitOf(runner.time, ttlSeconds),
    submission: ["sbatch", ...args],
  });
  await writeAtomically(directory.jobScript, script);
  return args;
}

/** Returns the time limit as far as we know it, in seconds. */
function limitOf(time: unknown, ttlSeconds: number | null): number | null {
  if (ttlSeconds !== null) return 60 * Math.ceil(ttlSeconds / 60);
  const text = String(time);
  return /^\d+$/.test(text) ? 60 * Number(text) : parseLimit(text);
}

/** A job that has not ended. */
export interface ActiveJob {
  /** Its id. */
  readonly jobId: string;
  /** Its state, as in "PENDING". */
  readonly state: string;
}

/**
 * Finds the job of a directory unless it has ended; asks Slurm.
 *
 * @throws {ReasonError} If Slurm does not answer, so that it may be running.
 */
export async function findActiveJob(
  directory: ProcessDirectory,
): Promise<ActiveJob | null> {
  const job = await readJob(directory);
  if (job === null) return null;
  const { jobId } = job;
  const { isEnded } = await readRun(directory, jobId);
  if (isEnded) return null;
  const found = await findJob(jobId);
  if (found === null || phaseOf(found.state) === "ended") return null;
  return { jobId, state: found.state };
}
