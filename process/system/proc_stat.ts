/** The line of `/proc/<pid>/stat`: see proc_pid_stat(5). */

/** The fields of `/proc/<pid>/stat` that are used here. */
export interface ProcStat {
  /** The state, as in "R", "S" or "Z". */
  readonly state: string;
  /** The pid of the parent. */
  readonly parent: number;
  /** The number of threads. */
  readonly threads: number;
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

/** Number of fields after the name that are used here; there are 50. */
const FIELDS = 22;

/** Parses the line of `/proc/<pid>/stat`. */
export function parseProcStat(text: string): ProcStat {
  // The program name is in parentheses and may itself contain spaces and
  // parentheses, so the fields are counted from the last one.
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ", FIELDS);
  return {
    state: fields[0],
    parent: Number(fields[1]),
    threads: Number(fields[17]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTicks: Number(fields[19]),
    residentPages: Number(fields[21]),
    name: text.slice(text.indexOf("(") + 1, end),
    session: Number(fields[3]),
  };
}

/**
 * Returns whether a process can still run. A zombie cannot, unless only its first
 * thread has exited.
 */
export function isAlive({ state, threads }: ProcStat): boolean {
  return !"ZXx".includes(state) || threads > 1;
}
