import { jobsOf } from "./array.ts";
import { runCommand } from "./command.ts";
import { nodesOrNull, parseEpoch, parseExitCode } from "./notation.ts";
import type { JobDetails } from "./scontrol.ts";

/** Asks the accounting about jobs that have ended. */
export async function readAccounting(
  ids: readonly string[],
): Promise<Map<string, JobDetails>> {
  const args = ["--allocations", "--noheader", "--parsable2", "--duplicates"];
  const fields = "JobID,State,ExitCode,End,NodeList,Reason";
  const output = await runCommand(
    "sacct",
    [...args, `--format=${fields}`, `--jobs=${jobsOf(ids).join(",")}`],
    { ref: false },
  );
  return parseAccounting(output, await namesOf(output));
}

/**
 * Parses the output of `sacct` with our fields; of a requeued job the last run.
 *
 * @param names The names of users by their ids.
 */
export function parseAccounting(
  output: string,
  names: ReadonlyMap<string, string> = new Map(),
): Map<string, JobDetails> {
  const jobs = new Map<string, JobDetails>();
  for (const line of output.split("\n")) {
    const [id, states, exit, end, nodes, reason = ""] = line.trim().split("|");
    if (nodes === undefined) continue;
    const [state, uid] = states.split(" by ");
    jobs.set(id, {
      state,
      reason,
      by: uid === undefined ? null : names.get(uid) ?? `user ${uid}`,
      ...parseExitCode(exit, state),
      endAt: parseEpoch(end),
      nodes: nodesOrNull(nodes),
    });
  }
  return jobs;
}

/** Looks up the names of the users who cancelled jobs. */
async function namesOf(output: string): Promise<Map<string, string>> {
  const uids = new Set(
    [...output.matchAll(/CANCELLED by (\d+)/g)].map(([, uid]) => uid),
  );
  const names = new Map<string, string>();
  for (const uid of uids) {
    const name = await runCommand("id", ["-nu", uid], { ref: false })
      .catch(() => "");
    if (name.trim()) names.set(uid, name.trim());
  }
  return names;
}
