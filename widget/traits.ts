/** The traits of a process widget, and how snapshots become traits. */
import type { ExitReason } from "../process/directory/formats.ts";
import type { ProcessSnapshot, ProcessStatus } from "../process/snapshot.ts";
import type { WatchedFiles } from "../process/source.ts";
import type { Control, ControlAction } from "./controls.ts";
import { formatUptime } from "./uptime.ts";
import type { UsageSample } from "./usage_history.ts";

/** The palette of a widget; "auto" follows the page. */
export type Theme = "auto" | "light" | "dark";

/** An output stream of a process. */
export type Stream = "stdout" | "stderr";

/** The traits of a {@linkcode ProcessWidget}: JSON values shared with the page. */
export type ProcessTraits = {
  /** The process's name. */
  name: string;
  /** The process directory, or "" for a process watched by single files. */
  process_dir: string;
  /** How the process is doing; "unknown" until the first poll. */
  status: ProcessStatus;
  /** The pid, or null if it is not running. */
  pid: number | null;
  /** How long it has been running, as in "3h 12m"; "-" if it is not. */
  uptime: string;
  /** When it started, in epoch milliseconds; null if it is not running. */
  started_at: number | null;
  /** The command and its arguments; null if unknown. */
  command: readonly string[] | null;
  /** Time to live, in seconds; null if unlimited. */
  ttl_seconds: number | null;
  /** Its exit code; null while it runs, or if a signal ended it. */
  exit_code: number | null;
  /** The signal that ended it, as in "SIGTERM", or null. */
  exit_signal: string | null;
  /** When it ended, in epoch milliseconds; null while it runs, or if unknown. */
  exited_at: number | null;
  /** Why it ended; null while it runs, or if unknown. */
  exit_reason: ExitReason | null;
  /** How the scheduler of its job ended it, in words, or null. */
  exit_note: string | null;
  /** The id of its job; null if it is not run by a scheduler. */
  job_id: string | null;
  /** Why its job is pending, in words, or null. */
  job_reason: string | null;
  /** When its job is expected to start, in epoch milliseconds; null if unknown. */
  expected_start: number | null;
  /** The node on which its job runs or ran; null if unknown. */
  node: string | null;
  /** The partition of its job; null if unknown. */
  partition: string | null;
  /** The time limit of its job, in seconds; null if unlimited or unknown. */
  time_limit: number | null;
  /** Why what the scheduler said may no longer be true, or null. */
  scheduler_notice: string | null;
  /** When the scheduler last answered, if that was not just now; or null. */
  scheduler_at: number | null;
  /** The status in its last health report, or null if there is none. */
  health_status: string | null;
  /** The message in its last health report, or null. */
  health_message: string | null;
  /** When that was reported, in epoch milliseconds; null if unknown. */
  health_timestamp: number | null;
  /** Further details in that report, or null. */
  health_details: Readonly<Record<string, unknown>> | null;
  /** CPU usage with its descendants, in percent of one core; null if unknown. */
  cpu_percent: number | null;
  /** Resident memory with its descendants, in bytes; null if unknown. */
  memory_bytes: number | null;
  /** The number of the first sample in `usage_history`. */
  usage_first: number;
  /** Usage in the last 2 minutes, at most one sample per second, oldest first. */
  usage_history: readonly UsageSample[];
  /** The streams that are read from a file. */
  streams: readonly Stream[];
  /** The number of the first line in `stdout_lines`. */
  stdout_first: number;
  /** The last lines of its standard output. */
  stdout_lines: readonly string[];
  /** The number of the first line in `stderr_lines`. */
  stderr_first: number;
  /** The last lines of its standard error. */
  stderr_lines: readonly string[];
  /** The palette. */
  theme: Theme;
  /** Whether the process is polled; false pauses. */
  polling_active: boolean;
  /** Seconds between two polls. */
  polling_interval: number;
  /** How many lines of each log are kept. */
  lines: number;
  /** What views may request. */
  controls: readonly Control[];
  /** The requested action that is running or has failed, or null. */
  action: ControlAction | null;
  /** Why changes show only at the polling interval despite `watch`, or null. */
  watch_notice: string | null;
  /** What cannot be read and how to fix it; null if everything can. */
  error: string | null;
};

/** The traits whose initial values depend on the options. */
type OptionTraits = Pick<
  ProcessTraits,
  "theme" | "polling_interval" | "lines" | "controls"
>;

const STREAMS: readonly Stream[] = ["stdout", "stderr"];

/** Returns the traits before the first poll. */
export function initialTraits(
  files: WatchedFiles,
  { theme, polling_interval, lines, controls }: OptionTraits,
): ProcessTraits {
  return {
    name: files.name,
    process_dir: files.processDir ?? "",
    status: "unknown",
    pid: null,
    uptime: "-",
    started_at: null,
    command: null,
    ttl_seconds: null,
    exit_code: null,
    exit_signal: null,
    exited_at: null,
    exit_reason: null,
    exit_note: null,
    job_id: null,
    job_reason: null,
    expected_start: null,
    node: null,
    partition: null,
    time_limit: null,
    scheduler_notice: null,
    scheduler_at: null,
    health_status: null,
    health_message: null,
    health_timestamp: null,
    health_details: null,
    cpu_percent: null,
    memory_bytes: null,
    usage_first: 0,
    usage_history: [],
    streams: STREAMS.filter((stream) => files[stream] !== null),
    stdout_first: 0,
    stdout_lines: [],
    stderr_first: 0,
    stderr_lines: [],
    theme,
    polling_active: true,
    polling_interval,
    lines,
    controls,
    action: null,
    watch_notice: null,
    error: null,
  };
}

/**
 * Returns the traits that a snapshot determines: all but the usage history,
 * which takes several, and those that users set.
 */
export function snapshotTraits(
  snapshot: ProcessSnapshot,
): Partial<ProcessTraits> {
  const { startedAt, exit, job, health, usage } = snapshot;
  return {
    name: snapshot.name,
    status: snapshot.status,
    pid: snapshot.pid,
    uptime: startedAt === null ? "-" : formatUptime(Date.now() - startedAt),
    started_at: startedAt,
    command: snapshot.command,
    ttl_seconds: snapshot.ttlSeconds,
    exit_code: exit?.code ?? null,
    exit_signal: exit?.signal ?? null,
    exited_at: exit?.exitedAt ?? null,
    exit_reason: exit?.reason ?? null,
    exit_note: exit?.note ?? null,
    job_id: job?.id ?? null,
    job_reason: job?.reason ?? null,
    expected_start: job?.expectedStart ?? null,
    node: job?.node ?? null,
    partition: job?.partition ?? null,
    time_limit: job?.timeLimit ?? null,
    scheduler_notice: job?.notice ?? null,
    // Only beside a notice, as a new time would be a change at every answer.
    scheduler_at: job?.notice ? job.answeredAt : null,
    health_status: health?.status ?? null,
    health_message: health?.message ?? null,
    health_timestamp: health?.timestamp ?? null,
    health_details: health?.details ?? null,
    cpu_percent: usage?.cpuPercent ?? null,
    memory_bytes: usage?.memoryBytes ?? null,
    stdout_first: snapshot.stdoutFirst,
    stdout_lines: snapshot.stdoutLines,
    stderr_first: snapshot.stderrFirst,
    stderr_lines: snapshot.stderrLines,
    error: snapshot.error,
  };
}
