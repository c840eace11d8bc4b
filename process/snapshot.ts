/** The result of one poll of a process. */
import type { ExitRecord } from "./directory/formats.ts";
import type { HealthReport } from "./directory/health.ts";
import type { ProcessUsage } from "./system/usage.ts";

/** How a process is doing. */
export type ProcessStatus =
  | "unknown"
  | "pending"
  | "running"
  | "suspended"
  | "stopped"
  | "unhealthy"
  | "failed";

/** Returns whether a process with this status has started and not ended, or is
 * about to start. */
export function isActive(status: ProcessStatus): boolean {
  return status !== "unknown" && status !== "stopped" && status !== "failed";
}

/** What a scheduler says about the job of a process. Times are in epoch milliseconds. */
export interface JobSnapshot {
  /** The id of the job. */
  readonly id: string;
  /** The scheduler's name for its state, as in "PENDING"; null if unknown. */
  readonly state: string | null;
  /** Why it is pending, in words; null if it is not, or no reason is known. */
  readonly reason: string | null;
  /** When it is expected to start; null if it has, or that is unknown. */
  readonly expectedStart: number | null;
  /** The node on which the process runs or ran, or several; null if unknown. */
  readonly node: string | null;
  /** The partition; null if unknown. */
  readonly partition: string | null;
  /** The time limit, in seconds; null if there is none, or it is unknown. */
  readonly timeLimit: number | null;
  /** What keeps the scheduler's view from being current, in words; null if nothing does. */
  readonly notice: string | null;
  /** When the scheduler last answered; null if it never did. */
  readonly answeredAt: number | null;
}

/** Everything that one poll found out about a process. */
export interface ProcessSnapshot {
  /** The process's name. */
  readonly name: string;
  /**
   * "unknown" if no file names its pid, the file cannot be read, or the process
   * runs elsewhere; "pending" if its job has not started.
   */
  readonly status: ProcessStatus;
  /** The pid, or null if it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null if not running or unknown. */
  readonly startedAt: number | null;
  /** How it last ended; null while it runs, and if that was not recorded. */
  readonly exit: ExitRecord | null;
  /** What its scheduler says; null if it is not run by one. */
  readonly job: JobSnapshot | null;
  /** The command and its arguments; null if unknown. */
  readonly command: readonly string[] | null;
  /** Time to live, in seconds; null if unlimited. */
  readonly ttlSeconds: number | null;
  /** Its last readable health report, or null. */
  readonly health: HealthReport | null;
  /** Its CPU and memory usage; null if not running or unknown. */
  readonly usage: ProcessUsage | null;
  /** The number of the first of `stdoutLines`: lines are numbered from 0. */
  readonly stdoutFirst: number;
  /** The last lines of its standard output, oldest first, without line ends. */
  readonly stdoutLines: readonly string[];
  /** The number of the first of `stderrLines`: lines are numbered from 0. */
  readonly stderrFirst: number;
  /** The last lines of its standard error, oldest first, without line ends. */
  readonly stderrLines: readonly string[];
  /**
   * What could not be read and how to fix it, one sentence per line; null if
   * everything could. The other fields then hold the last known values.
   */
  readonly error: string | null;
}
