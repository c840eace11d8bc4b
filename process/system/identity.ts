/** Distinguishes a process from a later one that was given the same pid. */

/** A process that was seen alive: its pid, and when it started. */
export interface ProcessIdentity {
  /** The process id. */
  readonly pid: number;
  /** When it started, in epoch seconds; null where the system hides it. */
  readonly startTime: number | null;
  /**
   * When it started, in clock ticks since boot, which do not change when the
   * clock is set; null where the system does not report them.
   */
  readonly startTicks: number | null;
}

/** Maximum difference between two start times of one process, in seconds. */
const START_TOLERANCE = 0.01;
/** The same for `ps`, which recomputes whole seconds on each run. */
const PS_START_TOLERANCE = 2;

/** Whether a value can be a pid: an integer from 1 to 2³¹ − 1. */
export function isPid(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 &&
    Number(value) <= 0x7fffffff;
}

/**
 * Whether two identities with the same pid are of the same process. Where the
 * system hides when a process started, its pid has to suffice.
 */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  if (a.startTicks !== null && b.startTicks !== null) {
    return a.startTicks === b.startTicks;
  }
  if (a.startTime === null || b.startTime === null) return true;
  return Math.abs(a.startTime - b.startTime) <= PS_START_TOLERANCE;
}

/** A process as its state file or pid file names it. */
export interface RecordedProcess {
  /** The process id. */
  readonly pid: number;
  /** When it started, in epoch seconds; null if it was not recorded. */
  readonly createTime: number | null;
}

/**
 * Whether a live process is the recorded one. Without a start time on either
 * side, the pid has to suffice.
 */
export function isRecorded(
  { pid, startTime, startTicks }: ProcessIdentity,
  recorded: RecordedProcess,
): boolean {
  if (pid !== recorded.pid) return false;
  if (startTime === null || recorded.createTime === null) return true;
  const difference = Math.abs(startTime - recorded.createTime);
  return startTicks === null
    ? difference <= PS_START_TOLERANCE
    : difference < START_TOLERANCE;
}
