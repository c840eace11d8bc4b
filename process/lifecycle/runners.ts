/** What starts and ends processes: on this machine, or as jobs of a cluster. */
import { SUBPROCESS } from "../directory/formats.ts";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { exists } from "../files/regular_file.ts";
import { cancelJob } from "../slurm/cancel.ts";
import { findActiveJobs, submitJob } from "../slurm/submit.ts";
import { startProcess } from "./start.ts";
import { type StoppedProcess, terminateProcess } from "./terminate.ts";

/** Starts and ends the processes of one kind. */
export interface Runner {
  /**
   * Starts the process of a directory as its config specifies.
   *
   * @throws {Error} If it is already running or cannot be started. The message
   * is the clause after "as" in "Cannot start 'x' as …".
   */
  start(directory: ProcessDirectory): Promise<void>;
  /**
   * Ends the process of a directory: SIGTERM, a grace period, SIGKILL.
   *
   * @returns The processes that were ended.
   * @throws {Error} If some of them cannot be ended.
   */
  terminate(
    directory: ProcessDirectory,
    graceMs: number,
  ): Promise<StoppedProcess[]>;
  /**
   * Returns whether the process of a directory has started, or will.
   *
   * @throws {Error} If that is unknown.
   */
  isActive(directory: ProcessDirectory): Promise<boolean>;
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  subprocess: {
    start: startProcess,
    terminate: terminateProcess,
    isActive: async (directory) => await directory.findRunning() !== null,
  },
  slurm: {
    start: submitJob,
    terminate: cancelJob,
    isActive: async (directory) => (await findActiveJobs(directory)).length > 0,
  },
};

/**
 * Returns the runner that the config of a directory names. It is read anew each
 * time, as another kernel may have replaced the directory. Without a readable
 * config, it is the runner that has left its files there.
 *
 * @throws {ReasonError} If there is no such runner.
 */
export async function runnerOf(directory: ProcessDirectory): Promise<Runner> {
  const config = await directory.readConfig().catch(() => null);
  const type = config?.runner.type ??
    (await exists(directory.jobFile) ? "slurm" : SUBPROCESS.type);
  if (Object.hasOwn(RUNNERS, type)) return RUNNERS[type];
  throw new ReasonError(
    `its runner ${Deno.inspect(type)} is unknown: this version has ${
      Object.keys(RUNNERS).join(", ")
    }`,
  );
}
