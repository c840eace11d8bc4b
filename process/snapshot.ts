/** The result of one poll of a process. */
import type { ExitRecord } from "./directory/formats.ts";
import type { HealthReport } from "./directory/health.ts";
import type { ProcessUsage } from "./system/usage.ts";

/** How a process is doing. */
export type ProcessStatus =
  | "unknown"
  | "running"
  | "suspended"
  | "stopped"
  | "unhealthy"
  | "failed";

/** Everything that one poll found out about a process. */
export interface ProcessSnapshot {
  /** The process's name. */
  readonly name: string;
  /**
   * "unknown" if no file names its pid, the file cannot be read, or the process
   * runs elsewhere.
   */
  readonly status: ProcessStatus;
  /** The pid, or null if it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null if not running or unknown. */
  readonly startedAt: number | null;
  /** How it last ended; null while it runs, and if that was not recorded. */
  readonly exit: ExitRecord | null;
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
