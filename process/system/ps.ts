/** The `ps` program: the process table where there is no `/proc`. */
import type { TableRow } from "./process_table.ts";

/**
 * Parses a line of `ps -o stat= -o lstart=`, as in
 * `"Ss   Sun Nov 22 16:50:45 2026"`, in UTC.
 *
 * @returns When the process started, in epoch seconds; null when it is a
 * zombie, or the line holds no process.
 */
export function parsePs(line: string): number | null {
  const match = /^\s*(\S+)\s+\w{3} (\w{3} +\d+ [\d:]{8} \d{4})\s*$/.exec(line);
  if (match === null || /^[ZX]/.test(match[1])) return null;
  return Date.parse(`${match[2]} UTC`) / 1000;
}

/**
 * When a process that is alive started, in epoch seconds; null when it is not
 * alive. `ps` tells whole seconds.
 *
 * @throws {Error} If `ps` cannot be run.
 */
export async function readPs(pid: number): Promise<number | null> {
  const ps = new Deno.Command("ps", {
    args: ["-o", "stat=", "-o", "lstart=", "-p", String(pid)],
    env: { LC_ALL: "C", TZ: "UTC" },
    stdin: "null",
    stderr: "null",
  });
  try {
    const { stdout } = await ps.output();
    return parsePs(new TextDecoder().decode(stdout));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot tell whether process ${pid} is alive as there is no 'ps': install it (on Debian: apt install procps)`,
    );
  }
}

/**
 * Parses the lines of
 * `ps -A -o pid= -o ppid= -o pgid= -o stat= -o lstart= -o comm=`, in UTC.
 * Zombies are left out. `ps` does not show environments.
 */
export function parsePsTable(text: string): TableRow[] {
  return text.split("\n").flatMap((line) => {
    const match =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+\s+\w{3} \w{3} +\d+ [\d:]{8} \d{4})\s(.*)$/
        .exec(line);
    const startTime = match && parsePs(match[4]);
    if (match === null || startTime === null) return [];
    return {
      pid: Number(match[1]),
      startTime,
      startTicks: null,
      name: match[5].trim(),
      parent: Number(match[2]),
      session: Number(match[3]),
      processDir: null,
    };
  });
}
