/** A process as JSON values: what a page is told of it. */
import type { Control, ControlAction } from "./controls.ts";
import type { ExitReason } from "../process/directory/exit_record.ts";
import type { ProcessSnapshot, ProcessStatus } from "../process/snapshot.ts";
import type { WatchedFiles } from "../process/source.ts";
import { formatUptime } from "./uptime.ts";
import type { UsageSample } from "./usage_history.ts";

/** Which palette a widget uses; "auto" follows the page it is shown on. */
export type Theme = "auto" | "light" | "dark";

/** The streams that a process prints to. */
export type Stream = "stdout" | "stderr";

/** What a {@linkcode ProcessWidget} shows, as the front end sees it. */
export type ProcessTraits = {
  /** The process's name. */
  name: string;
  /** The process directory, or "" for a process watched by single files. */
  process_dir: string;
  /** How the process is doing; "unknown" until the first poll. */
  status: ProcessStatus;
  /** The process id, or null when it is not running. */
  pid: number | null;
  /** How long it has been running, as in "3h 12m"; "-" when it is not. */
  uptime: string;
  /** When it started, in epoch milliseconds; null when it is not running. */
  started_at: number | null;
  /** The command and its arguments; null when not known. */
  command: readonly string[] | null;
  /** How long it may run, in seconds; null for as long as it likes. */
  ttl_seconds: number | null;
  /** The code it exited with; null when it runs, or a signal ended it. */
  exit_code: number | null;
  /** The signal that ended it, as in "SIGTERM", or null. */
  exit_signal: string | null;
  /** When it ended, in epoch milliseconds; null when it runs, or nothing tells. */
  exited_at: number | null;
  /** Whether it was asked to end, and by what; null when it runs, or nothing tells. */
  exit_reason: ExitReason | null;
  /** The status of its last health report, or null when there is none. */
  health_status: string | null;
  /** The message of its last health report, or null when it has none. */
  health_message: string | null;
  /** When that report was made, in epoch milliseconds; null when it does not say. */
  health_timestamp: number | null;
  /** Whatever else it tells, or null when it tells nothing else. */
  health_details: Readonly<Record<string, unknown>> | null;
  /** The CPU time that it and its children take, in per cent of one core. */
  cpu_percent: number | null;
  /** The memory that it and its children hold, in bytes. */
  memory_bytes: number | null;
  /** What it took in the last 2 minutes, at most one sample a second, oldest first. */
  usage_history: readonly UsageSample[];
  /** Number of the first item of `usage_history`. */
  usage_first: number;
  /** Which streams are read from a file. */
  streams: readonly Stream[];
  /** The last lines of its standard output. */
  stdout_lines: readonly string[];
  /** Number of the first item of `stdout_lines`. */
  stdout_first: number;
  /** The last lines of its standard error. */
  stderr_lines: readonly string[];
  /** Number of the first item of `stderr_lines`. */
  stderr_first: number;
  /** The palette. */
  theme: Theme;
  /** Whether the process is being polled; false pauses. */
  polling_active: boolean;
  /** Seconds between two polls. */
  polling_interval: number;
  /** How many lines of each log are kept. */
  lines: number;
  /** What views may ask for. */
  controls: readonly Control[];
  /** What a view has asked for and is under way or has failed, or null. */
  action: ControlAction | null;
  /** What cannot be read and what to do about it; null when all is well. */
  error: string | null;
};

/** The traits whose first values are for the maker of a widget to choose. */
type ChosenTraits = Pick<
  ProcessTraits,
  "theme" | "polling_interval" | "lines" | "controls"
>;

const STREAMS: readonly Stream[] = ["stdout", "stderr"];

/** What is shown of a process before the first look at it. */
export function firstTraits(
  files: WatchedFiles,
  { theme, polling_interval, lines, controls }: ChosenTraits,
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
    health_status: null,
    health_message: null,
    health_timestamp: null,
    health_details: null,
    cpu_percent: null,
    memory_bytes: null,
    usage_history: [],
    usage_first: 0,
    streams: STREAMS.filter((stream) => files[stream] !== null),
    stdout_lines: [],
    stdout_first: 0,
    stderr_lines: [],
    stderr_first: 0,
    theme,
    polling_active: true,
    polling_interval,
    lines,
    controls,
    action: null,
    error: null,
  };
}

/**
 * The traits that a look at a process tells: not `usage_history`, which takes
 * more than one.
 */
export function traitsOf(snapshot: ProcessSnapshot): Partial<ProcessTraits> {
  const { startedAt, exit, health, usage } = snapshot;
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
    health_status: health?.status ?? null,
    health_message: health?.message ?? null,
    health_timestamp: health?.timestamp ?? null,
    health_details: health?.details ?? null,
    cpu_percent: usage?.cpuPercent ?? null,
    memory_bytes: usage?.memoryBytes ?? null,
    stdout_lines: snapshot.stdoutLines,
    stderr_lines: snapshot.stderrLines,
    error: snapshot.error,
  };
}
