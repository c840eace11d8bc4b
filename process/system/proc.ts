/** The formats of Linux's `/proc`: see proc_pid_stat(5) and proc_stat(5). */

/**
 * Clock ticks per second in `/proc`. The kernel converts to this rate for user
 * space; it is 100 on every architecture that Deno runs on.
 */
export const TICKS_PER_SECOND = 100;

/** The fields of `/proc/<pid>/stat` that are used here. */
export interface ProcStat {
  /** The state, as in "R", "S" or "Z". */
  readonly state: string;
  /** The pid of the parent. */
  readonly parent: number;
  /** CPU time used, in clock ticks. */
  readonly cpuTicks: number;
  /** When it started, in clock ticks since boot. */
  readonly startTicks: number;
  /** Resident memory, in pages. */
  readonly residentPages: number;
  /** The name of the program, cut to 15 bytes. */
  readonly name: string;
  /** The id of the session. */
  readonly session: number;
}

/** Parses the line of `/proc/<pid>/stat`. */
export function parseProcStat(text: string): ProcStat {
  // The program name is in parentheses and may itself contain spaces and
  // parentheses, so the fields are counted from the last one.
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

/** Whether a process in this state can still run: it is no zombie. */
export function isAlive({ state }: ProcStat): boolean {
  return !"ZXx".includes(state);
}

/** Parses the boot time in `/proc/stat`, in epoch seconds. */
export function parseBootTime(text: string): number {
  return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? NaN);
}

/** Reads the boot time in epoch seconds. It moves when the clock is set. */
export async function readBootTime(): Promise<number> {
  return parseBootTime(await Deno.readTextFile("/proc/stat"));
}

/** Lists all pids that `/proc` shows. */
export async function readPids(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) pids.push(Number(name));
  }
  return pids;
}

/** Reads the size of a memory page, in bytes. */
export async function readPageSize(): Promise<number> {
  const PAGE_SIZE_KEY = 6n;
  try {
    const bytes = await Deno.readFile("/proc/self/auxv");
    const words = new BigUint64Array(bytes.buffer);
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (words[at] === PAGE_SIZE_KEY) return Number(words[at + 1]);
    }
  } catch {
    // Some sandboxes hide it.
  }
  return 4096;
}
