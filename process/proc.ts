/** Linux's `/proc`: see proc_pid_stat(5) and proc_stat(5). */
import process from "node:process";

/**
 * Clock ticks per second in `/proc`. The kernel converts to this for user
 * space, whatever its own rate: it is 100 on every architecture Deno runs on.
 */
export const TICKS_PER_SECOND = 100;

/** What `/proc/<pid>/stat` says of a process. */
export interface ProcStat {
  /** Its state, as in "R", "S" or "Z". */
  readonly state: string;
  /** When it started, in clock ticks since the machine did. */
  readonly startTicks: number;
  /** The name of its program, cut to 15 bytes. */
  readonly name: string;
  /** The id of its parent. */
  readonly parent: number;
  /** The id of its session. */
  readonly session: number;
}

/** Parses the line of `/proc/<pid>/stat`. */
export function parseProcStat(text: string): ProcStat {
  // The command name stands in parentheses and may hold spaces and parentheses
  // itself, so the fields are counted from the last one.
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  return {
    state: fields[0],
    startTicks: Number(fields[19]),
    name: text.slice(text.indexOf("(") + 1, end),
    parent: Number(fields[1]),
    session: Number(fields[3]),
  };
}

/** When the machine started, in epoch seconds, from the text of `/proc/stat`. */
export function parseBootTime(text: string): number {
  return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? NaN);
}

/**
 * The start of a process that is alive, in clock ticks since the machine's
 * start; "hidden" when it is alive but `/proc` does not show it to this user;
 * null when it is not alive. A zombie is not alive.
 */
export async function readStartTicks(
  pid: number,
): Promise<number | "hidden" | null> {
  let text: string;
  try {
    text = await Deno.readTextFile(`/proc/${pid}/stat`);
  } catch (error) {
    if (errorCode(error) === "ESRCH") return null;
    // Mounted with `hidepid`, /proc does not show other users' processes.
    return takesSignals(pid) ? "hidden" : null;
  }
  const { state, startTicks } = parseProcStat(text);
  return "ZXx".includes(state) ? null : startTicks;
}

/** When the machine started, in epoch seconds. It moves when the clock is set. */
export async function readBootTime(): Promise<number> {
  return parseBootTime(await Deno.readTextFile("/proc/stat"));
}

/** Whether there is such a process, a zombie included, whoever owns it. */
export function takesSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not being allowed to signal it proves that it is there.
    return errorCode(error) === "EPERM";
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
