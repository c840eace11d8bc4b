import { runCommand } from "./command.ts";
import { parseLimit, parseSize } from "./notation.ts";

/** What a job uses, as `sstat` shows it. */
export interface JobUsage {
  /** CPU time since it started, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, in bytes. */
  readonly memoryBytes: number;
}

/** Asks the nodes of running jobs what they use. */
export async function readUsage(
  ids: readonly string[],
): Promise<Map<string, JobUsage>> {
  const args = ["--allsteps", "--noheader", "--parsable2"];
  const output = await runCommand(
    "sstat",
    [...args, "--format=JobID,TRESUsageInTot", `--jobs=${ids.join(",")}`],
    { ref: false },
  );
  return parseUsage(output);
}

/** Parses the output of `sstat`: the sum over the steps of each job. */
export function parseUsage(output: string): Map<string, JobUsage> {
  const usage = new Map<string, JobUsage>();
  for (const line of output.split("\n")) {
    const [step, text] = line.trim().split("|");
    const fields = new Map(
      text?.split(",").map((field) => field.split("=") as [string, string]),
    );
    const cpu = parseLimit(fields.get("cpu") ?? "");
    const memory = parseSize(fields.get("mem") ?? "");
    if (cpu === null || memory === null) continue;
    const [id] = step.split(".");
    const { cpuSeconds = 0, memoryBytes = 0 } = usage.get(id) ?? {};
    usage.set(id, {
      cpuSeconds: cpuSeconds + cpu,
      memoryBytes: memoryBytes + memory,
    });
  }
  return usage;
}
