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
  /** The id of its parent. */
  readonly parent: number;
  /** The time it had of the processors, in clock ticks. */
  readonly cpuTicks: number;
  /** When it started, in clock ticks since the machine did. */
  readonly startTicks: number;
  /** The memory it holds, in pages. */
  readonly residentPages: number;
  /** The name of its program, cut to 15 bytes. */
  readonly name: string;
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
    parent: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTicks: Number(fields[19]),
    residentPages: Number(fields[21]),
    name: text.slice(text.indexOf("(") + 1, end),
    session: Number(fields[3]),
  };
}

/** What `/proc` says of a process; null when there is none, or it is not shown. */
export async function readProcStat(pid: number): Promise<ProcStat | null> {
  try {
    return parseProcStat(await Deno.readTextFile(`/proc/${pid}/stat`));
  } catch {
    return null;
  }
}

/** The pids of all processes that `/proc` shows. */
export async function readPids(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) pids.push(Number(name));
  }
  return pids;
}

/** The size of a page of memory in bytes, as this process was told at its start. */
export async function readPageSize(): Promise<number> {
  const PAGE_SIZE_KEY = 6n;
  try {
    const bytes = await Deno.readFile("/proc/self/auxv");
    const words = new BigUint64Array(bytes.buffer);
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (words[at] === PAGE_SIZE_KEY) return Number(words[at + 1]);
    }
  } catch {
    // Not every sandbox shows it.
  }
  return 4096;
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
