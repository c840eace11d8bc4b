import { jobsOf } from "./array.ts";
import { orNothing, runCommand } from "./command.ts";
import { parseEpoch, parseLimit } from "./notation.ts";

/** A job as `squeue` shows it. */
export interface QueuedJob {
  /** The state, as in "PENDING". */
  readonly state: string;
  /** Why it is in that state, as in "Resources". */
  readonly reason: string;
  /** When it started or is expected to, in epoch milliseconds; null if unknown. */
  readonly startAt: number | null;
  /** When it ended or will at the latest, in epoch milliseconds; null if unknown. */
  readonly endAt: number | null;
  /** The time limit in seconds; null if there is none. */
  readonly limitSeconds: number | null;
  /** The partition, or several if it is pending. */
  readonly partition: string | null;
  /** The nodes on which it runs, as in "n[1-2]"; null if none. */
  readonly nodes: string | null;
}

/** The fields of `squeue`, and the one with free text last. */
const FIELDS = "%i|%T|%S|%e|%l|%P|%N|%r";

/** Asks `squeue` about jobs. Those that it does not list are missing. */
export async function readQueue(
  ids: readonly string[],
): Promise<Map<string, QueuedJob>> {
  const args = ["--all", "--array", "--noheader", "--states=all"];
  const fields = [`--format=${FIELDS}`, `--jobs=${jobsOf(ids).join(",")}`];
  return parseQueue(
    await orNothing(
      runCommand("squeue", [...args, ...fields], { ref: false }),
    ),
  );
}

/** Parses the output of `squeue` with our fields. */
export function parseQueue(output: string): Map<string, QueuedJob> {
  const jobs = new Map<string, QueuedJob>();
  for (const line of output.split("\n")) {
    const [id, state, start, end, limit, partition, nodes, ...reason] = line
      .trim().split("|");
    if (nodes === undefined) continue;
    jobs.set(id, {
      state,
      reason: reason.join("|"),
      startAt: parseEpoch(start),
      endAt: parseEpoch(end),
      limitSeconds: parseLimit(limit),
      partition: partition || null,
      nodes: nodes || null,
    });
  }
  return jobs;
}
