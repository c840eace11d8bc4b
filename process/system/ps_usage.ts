/** The `ps` program as a table of processes with what they take. */

/** A process in the table. */
export interface PsUsage {
  /** Its pid. */
  readonly pid: number;
  /** The pid of its parent. */
  readonly parent: number;
  /** The memory it holds, in bytes. */
  readonly memoryBytes: number;
  /** The time it had of the processors, in seconds. */
  readonly cpuSeconds: number;
}

/** Parses a line of `ps -o pid= -o ppid= -o rss= -o time=`; null if it is none. */
export function parsePsUsage(line: string): PsUsage | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s*$/.exec(
    line,
  );
  if (match === null) return null;
  const [, pid, parent, kibibytes, days = "0", clock] = match;
  // Hours, minutes and seconds, of which the first may be missing.
  const seconds = clock.split(":").reduce(
    (total, part) => total * 60 + Number(part),
    0,
  );
  return {
    pid: Number(pid),
    parent: Number(parent),
    memoryBytes: Number(kibibytes) * 1024,
    cpuSeconds: Number(days) * 86_400 + seconds,
  };
}

/**
 * All processes. `ps` may tell processor time in whole seconds only.
 *
 * @throws {Error} If `ps` cannot be run.
 */
export async function readPsUsage(): Promise<PsUsage[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-o", "pid=", "-o", "ppid=", "-o", "rss=", "-o", "time="],
    env: { LC_ALL: "C" },
    stdin: "null",
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.flatMap((line) => parsePsUsage(line) ?? []);
}
