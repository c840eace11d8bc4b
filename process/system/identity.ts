/**
 * Pids, and what distinguishes a process from a later one that was given the same
 * pid.
 */
import process from "node:process";
import { ReasonError } from "../files/reading.ts";

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

/** Whether a live process is suspended, as by SIGSTOP or Ctrl-Z. */
export type RunState = "running" | "suspended";

/** A process that is alive, and how it is. */
export interface LiveProcess extends ProcessIdentity {
  /** Whether it is suspended. */
  readonly state: RunState;
}

/** Maximum difference between two start times of one process: half a tick, in s. */
const START_TOLERANCE = 0.005;
/** The same for `ps`, which recomputes whole seconds on each run. */
const PS_START_TOLERANCE = 2;

/** Returns whether a value can be a pid: an integer from 1 to 2³¹ − 1. */
export function isPid(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 &&
    Number(value) <= 0x7fffffff;
}

/**
 * Returns whether two identities with the same pid are of the same process. Where the
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
  /** When it started, in clock ticks since boot; null if it was not recorded. */
  readonly startTicks?: number | null;
  /** Whether the machine has been restarted since, which ended the process. */
  readonly rebooted?: boolean;
}

/**
 * Returns whether a live process is the recorded one. Compares the ticks where
 * both are known, as start times change when the clock is set. Without a start
 * time on either side, the pid has to suffice.
 */
export function isRecorded(
  { pid, startTime, startTicks }: ProcessIdentity,
  recorded: RecordedProcess,
): boolean {
  if (pid !== recorded.pid || recorded.rebooted) return false;
  const recordedTicks = recorded.startTicks ?? null;
  if (startTicks !== null && recordedTicks !== null) {
    return startTicks === recordedTicks;
  }
  if (startTime === null || recorded.createTime === null) return true;
  const difference = Math.abs(startTime - recorded.createTime);
  return startTicks === null
    ? difference <= PS_START_TOLERANCE
    : difference < START_TOLERANCE;
}

/** Returns whether a process with this pid exists, whoever owns it; zombies count. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not being permitted to signal it proves that it exists.
    return errorCode(error) === "EPERM";
  }
}

/** A signal that ends a process: SIGTERM lets it clean up, SIGKILL does not. */
export type EndSignal = "SIGTERM" | "SIGKILL";

/**
 * Sends a signal to a process that was identified.
 *
 * @returns Whether it is alive.
 * @throws {ReasonError} If this user may not signal it, its start is unknown, or
 * it is the first process, this one or its parent.
 */
export function sendSignal(
  { pid, startTime, startTicks }: ProcessIdentity,
  signal: EndSignal,
): boolean {
  if (startTime === null && startTicks === null) {
    throw new ReasonError(
      `process ${pid} may be another one, as the system hides when it started: end it yourself`,
    );
  }
  if (pid === 1 || pid === Deno.pid || pid === Deno.ppid) {
    throw new ProtectedError(pid);
  }
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === "ESRCH") return false;
    throw new ReasonError(
      `process ${pid} belongs to another user: end it as that user`,
    );
  }
}

/** A process is not signaled, as this program would end with it. */
export class ProtectedError extends ReasonError {
  /** The name of the error. */
  override name = "ProtectedError";

  /** @param pid The pid of the process. */
  constructor(pid: number) {
    super(
      `process ${pid} is ${
        pid === 1 ? "the first of the system" : "this program or one it runs in"
      }: end it from elsewhere`,
    );
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
