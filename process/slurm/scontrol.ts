import { orNothing, runCommand } from "./command.ts";
import {
  type ExitCode,
  nodesOrNull,
  parseEpoch,
  parseExitCode,
} from "./notation.ts";
import { phaseOf } from "./states.ts";

/** A job as `scontrol` or `sacct` shows it. */
export interface JobDetails extends ExitCode {
  /** The state, as in "TIMEOUT". */
  readonly state: string;
  /** Why it is in that state. */
  readonly reason: string;
  /** Who cancelled it, or null: a name, or a user id. */
  readonly by: string | null;
  /** When it ended, in epoch milliseconds; null if unknown. */
  readonly endAt: number | null;
  /** The nodes on which it ran, or null. */
  readonly nodes: string | null;
}

/**
 * Asks `scontrol` about one job, for an action that somebody requested.
 *
 * @returns The job; null if Slurm no longer knows it.
 */
export async function findJob(id: string): Promise<JobDetails | null> {
  const args = ["--all", "--oneliner", "show", "job", id];
  const output = await orNothing(runCommand("scontrol", args));
  return parseJobDetails(output);
}

/**
 * Parses the output of `scontrol --oneliner show job`; of an array, the first task
 * that has not ended, or any.
 */
export function parseJobDetails(output: string): JobDetails | null {
  const jobs = output.split("\n").flatMap((line) => parseLine(line) ?? []);
  return jobs.find(({ state }) => phaseOf(state) !== "ended") ?? jobs[0] ??
    null;
}

function parseLine(line: string): JobDetails | null {
  const field = (name: string) =>
    new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? "";
  const state = field("JobState");
  if (state === "") return null;
  return {
    state,
    reason: field("Reason"),
    by: null,
    ...parseExitCode(field("ExitCode"), state),
    endAt: parseEpoch(field("EndTime")),
    nodes: nodesOrNull(field("NodeList")),
  };
}
