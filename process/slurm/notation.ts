/** How Slurm's commands print times, sizes and exits. */

/** Parses epoch seconds; null for "N/A" and "Unknown". */
export function parseEpoch(text: string): number | null {
  return /^[1-9]\d*$/.test(text) ? 1000 * Number(text) : null;
}

/** Parses "days-hours:minutes:seconds", of which the first parts may be missing,
 * into seconds; null if it is not such a time. */
export function parseLimit(text: string): number | null {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)(?:\.\d+)?$/.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) =>
    Number(part ?? 0)
  );
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

const UNITS = ["", "K", "M", "G", "T", "P"];

/** Parses a size such as "1516K" into bytes; null if it is not a size. */
export function parseSize(text: string): number | null {
  const match = /^([\d.]+)([KMGTP]?)$/.exec(text);
  return match && Math.round(
    Number(match[1]) * 1024 ** UNITS.indexOf(match[2]),
  );
}

/** Returns the names of nodes, or null where Slurm shows that there are none. */
export function nodesOrNull(nodes: string): string | null {
  return nodes === "" || nodes === "(null)" || nodes.startsWith("None")
    ? null
    : nodes;
}

/** Signals by their numbers on Linux. */
const SIGNALS: readonly string[] = (
  "- HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM " +
  "STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS"
).split(" ");

/** How a process exited: with a code, by a signal, or nobody knows. */
export interface ExitCode {
  /** The exit code, or null. */
  readonly code: number | null;
  /** The signal that ended it, or null. */
  readonly signal: string | null;
}

/**
 * Parses how Slurm shows the exit of a job in this state: the code and the
 * signal, as in "3:0" or "0:9". A code of 0 says nothing of what Slurm ended.
 */
export function parseExitCode(text: string, state: string): ExitCode {
  const match = /^(\d+):(\d+)$/.exec(text);
  const [code, signal] = match?.slice(1).map(Number) ?? [0, 0];
  if (code === 0 && signal === 0 && state !== "COMPLETED") {
    return { code: null, signal: null };
  }
  const name = signal > 0 ? SIGNALS[signal] : undefined;
  if (signal > 0) return { code: null, signal: name ? `SIG${name}` : null };
  // The batch script exits as a shell does after a signal.
  return code > 128 && SIGNALS[code - 128]
    ? { code: null, signal: `SIG${SIGNALS[code - 128]}` }
    : { code, signal: null };
}
