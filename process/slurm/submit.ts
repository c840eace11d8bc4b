import { basename } from "@std/path";
import type { ProcessConfig } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { writeAtomically } from "../files/atomic_write.ts";
import { makeOwnFolders } from "../files/ownership.ts";
import { ReasonError } from "../files/reading.ts";
import { jobsOf, tasksOf } from "./array.ts";
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
  const [active] = await findActiveJobs(directory);
  if (active !== undefined) {
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
  const tasks = tasksOf(directory, config.runner);
  const indexes = tasks.map(({ path }) => Number(basename(path)));
  await Promise.all(
    tasks.map((task, at) => prepareTask(task, indexes[at], config, directory)),
  );
  const output = await runCommand("sbatch", command);
  const [jobId] = output.trim().split("\n").at(-1)!.split(";");
  if (!/^\d+$/.test(jobId)) {
    throw new ReasonError(`'sbatch' printed no job id: ${output.trim()}`);
  }
  const submittedAt = Date.now();
  await Promise.all(
    tasks.map((task, at) =>
      writeJob(task, { jobId: `${jobId}_${indexes[at]}`, submittedAt })
    ),
  );
  const { task } = config.runner;
  const ownId = task === undefined ? jobId : `${jobId}_${task}`;
  await writeJob(directory, { jobId: ownId, submittedAt });
}

/** Makes the directory of a task of an array: that of a separate process. */
async function prepareTask(
  task: ProcessDirectory,
  index: number,
  { cmd, env, ttlSeconds, runner }: ProcessConfig,
  array: ProcessDirectory,
): Promise<void> {
  await makeOwnFolders(task.path);
  await task.writeSpec({
    name: task.name,
    cmd: cmd ?? [],
    env: env ?? {},
    cwd: await array.readCwd() ?? Deno.cwd(),
    ttlSeconds,
    runner: { ...runner, array: String(index), task: index },
  });
  await clearRecords(task);
}

/** Writes the batch script; returns the arguments of `sbatch`. */
async function prepare(
  directory: ProcessDirectory,
  { cmd, env, ttlSeconds, runner }: ProcessConfig & { cmd: readonly string[] },
): Promise<string[]> {
  const { task, ...given } = runner;
  const options = sbatchOptions(checkSlurmOptions(given), ttlSeconds);
  const isTask = task !== undefined;
  const array = given.array === undefined ? null : isTask ? "one" : "all";
  const cwd = await directory.readCwd() ?? Deno.cwd();
  const args = [
    "--parsable",
    `--job-name=${directory.name}`,
    `--chdir=${cwd}`,
    `--output=${logPattern(directory, "stdoutLog", array)}`,
    `--error=${logPattern(directory, "stderrLog", array)}`,
    "--open-mode=append",
    ...options,
    directory.jobScript,
  ];
  const script = formatBatchScript(directory, {
    cmd,
    cwd,
    env: env ?? {},
    array,
    limitSeconds: limitOf(runner.time, ttlSeconds),
    submission: ["sbatch", ...args],
  });
  await writeAtomically(directory.jobScript, script);
  return args;
}

/** Returns the pattern of a log: in an array, "%a" is the index of the task. */
function logPattern(
  directory: ProcessDirectory,
  log: "stdoutLog" | "stderrLog",
  array: "all" | "one" | null,
): string {
  if (array !== "all") return outputPattern(directory[log]);
  const folder = outputPattern(directory.tasksFolder);
  if (folder.includes("\\")) {
    throw new ReasonError(
      `Slurm cannot write the logs of an array below '${directory.path}', as there is a backslash in it: use another folder`,
    );
  }
  return `${folder}/%a/${basename(directory[log])}`;
}

/** Returns the time limit as far as we know it, in seconds. */
function limitOf(time: unknown, ttlSeconds: number | null): number | null {
  if (ttlSeconds !== null) return 60 * Math.ceil(ttlSeconds / 60);
  const text = String(time);
  return /^\d+$/.test(text) ? 60 * Number(text) : parseLimit(text);
}

/** A job that has not ended, or a task of an array. */
export interface ActiveJob {
  /** Its process directory. */
  readonly directory: ProcessDirectory;
  /** Its id. */
  readonly jobId: string;
  /** Its state, as in "PENDING". */
  readonly state: string;
}

/**
 * Finds the job of a directory, or the tasks of its array, unless they have ended;
 * asks Slurm.
 *
 * @throws {ReasonError} If Slurm does not answer, so that it may be running.
 */
export async function findActiveJobs(
  directory: ProcessDirectory,
): Promise<ActiveJob[]> {
  const config = await directory.readConfig().catch(() => null);
  const tasks = config === null ? [] : tasksOf(directory, config.runner);
  const recorded = await Promise.all(
    (tasks.length > 0 ? tasks : [directory]).map(findRecordedJob),
  );
  const jobs = recorded.filter((job) => job !== null);
  const states = new Map<string, string>();
  // Of an array, the state of any task that has not ended.
  const ids = tasks.length > 0
    ? jobsOf(jobs.map(({ jobId }) => jobId))
    : jobs.map(({ jobId }) => jobId);
  for (const id of ids) {
    const found = await findJob(id);
    if (found !== null && phaseOf(found.state) !== "ended") {
      states.set(id, found.state);
    }
  }
  return jobs.flatMap((job) => {
    const state = states.get(job.jobId) ?? states.get(jobsOf([job.jobId])[0]);
    return state === undefined ? [] : { ...job, state };
  });
}

/** Returns the job of a directory unless its end is recorded. */
async function findRecordedJob(
  directory: ProcessDirectory,
): Promise<Omit<ActiveJob, "state"> | null> {
  const job = await readJob(directory);
  if (job === null) return null;
  const { isEnded, exit } = await readRun(directory, job.jobId);
  // Of a task, the exit says enough: the state is that of the whole array.
  if (isEnded || exit !== null && job.jobId.includes("_")) return null;
  return { directory, jobId: job.jobId };
}
