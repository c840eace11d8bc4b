/** What is known of a process at one moment, and the words for it. */
import type { ExitRecord } from "./directory/exit_record.ts";

/** How a process is doing. */
export type ProcessStatus =
  | "unknown"
  | "running"
  | "stopped"
  | "unhealthy"
  | "failed";

/** What a process last said of its own health, in its health file. */
export interface HealthReport {
  /** `"healthy"`, or any other word for what is wrong. */
  readonly status: string;
  /** What a person should know, or null when the report has no message. */
  readonly message: string | null;
  /** When the report was made, in epoch milliseconds; null when it does not say. */
  readonly timestamp: number | null;
  /** Whatever else the process tells, or null when it tells nothing else. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** What a process and its descendants take of the machine. */
export interface ProcessUsage {
  /**
   * The time they had of the processors since the look before, in per cent of
   * one core; null at the first look.
   */
  readonly cpuPercent: number | null;
  /** The memory that they hold (resident set size), in bytes. */
  readonly memoryBytes: number;
}

/** One look at a process: everything that a widget shows of it. */
export interface ProcessSnapshot {
  /** The process's name. */
  readonly name: string;
  /** "unknown" when there is nothing to tell it from, or it cannot be read. */
  readonly status: ProcessStatus;
  /** The process's id, or null when it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null when not running or not known. */
  readonly startedAt: number | null;
  /** How it last ended; null while it runs, and when there is no record of it. */
  readonly exit: ExitRecord | null;
  /** The command and its arguments; null when not known. */
  readonly command: readonly string[] | null;
  /** How long it may run, in seconds; null for as long as it likes. */
  readonly ttlSeconds: number | null;
  /** Its last readable health report, or null when there is none. */
  readonly health: HealthReport | null;
  /** What it takes of the machine; null when not running or not known. */
  readonly usage: ProcessUsage | null;
  /** The last lines of its standard output, oldest first, without line ends. */
  readonly stdoutLines: readonly string[];
  /** The last lines of its standard error, oldest first, without line ends. */
  readonly stderrLines: readonly string[];
  /**
   * What could not be read and what to do about it, a sentence a line; null
   * when all is well. The other fields then hold the last good values.
   */
  readonly error: string | null;
}
