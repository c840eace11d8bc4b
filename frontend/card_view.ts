/** Converts the traits of a process to what its card displays. */

import type { ProcessTraits } from "../widget/traits.ts";
import type { UsageSample } from "../widget/usage_history.ts";
import { formatSeconds, formatTime } from "./format.ts";
import type { IconName } from "./icon.tsx";

/** What a card displays, except for the logs. */
export interface CardView {
  readonly name: string;
  readonly status: Status;
  readonly pid: string;
  readonly uptime: string;
  /** The command line, or null if unknown. */
  readonly command: string | null;
  readonly health: Health | null;
  /** The process directory, or null if the process has none. */
  readonly dir: string | null;
  /** When the time to live expires, in epoch milliseconds; null for never. */
  readonly deadline: number | null;
  readonly exit: Exit | null;
  /** What is known about the job of the process, as an id, a label and a text. */
  readonly job: readonly (readonly [id: string, label: string, text: string])[];
  readonly usage: Usage;
  readonly notices: readonly Notice[];
  readonly running: boolean;
  /** Whether the kernel polls the process. */
  readonly polling: boolean;
}

/** The status of a process with its icon. */
export interface Status {
  readonly id: ProcessTraits["status"];
  readonly icon: IconName;
}

/** The last health report of a process. */
export interface Health {
  readonly status: string;
  readonly message: string | null;
  readonly healthy: boolean;
  /** When the process reported it, in epoch milliseconds. */
  readonly timestamp: number | null;
  readonly details?: Readonly<Record<string, unknown>> | null;
  /** When the report becomes stale, in epoch milliseconds; null for never. */
  readonly staleAt: number | null;
}

/** How a process exited. */
export interface Exit {
  /** The exit code or signal: "code 1", "SIGKILL". */
  readonly cause: string;
  readonly failed: boolean;
  /** Why it was terminated, or null if it exited by itself. */
  readonly reason: string | null;
  /** Epoch milliseconds. */
  readonly at: number | null;
}

/** The CPU time and memory that a process uses. */
export interface Usage {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  /** The samples of the last minutes, oldest first. */
  readonly history: readonly UsageSample[];
}

/** A message box in the card. */
export interface Notice {
  readonly kind:
    | "error"
    | "connection"
    | "loading"
    | "paused"
    | "frozen"
    | "scheduler"
    | "waiting"
    | "info";
  readonly text: string;
  /** When what the card displays was true, in epoch milliseconds; null for now. */
  readonly at?: number | null;
}

/** Displayed instead of a value that is unknown. */
export const DASH = "-";

/** A health report is stale after this many missed reports. */
const MISSED_REPORTS = 3;

/** The icon of each status. */
export const STATUS_ICONS: Record<ProcessTraits["status"], IconName> = {
  running: "check",
  unhealthy: "warning",
  pending: "clock",
  suspended: "suspended",
  stopped: "ring",
  failed: "cross",
  unknown: "question",
};

const REASONS = {
  exited: null,
  terminated: "terminated",
  ttl: "TTL expired",
};

/**
 * Returns what the card of a process displays.
 *
 * @param reportInterval Expected milliseconds between two health reports.
 */
export function cardView(
  traits: ProcessTraits,
  reportInterval: number,
): CardView {
  const { started_at, status, command } = traits;
  const limit = traits.time_limit ?? traits.ttl_seconds;
  const active = traits.pid !== null || status === "pending" ||
    status === "running";
  return {
    name: traits.name,
    status: { id: traits.status, icon: STATUS_ICONS[traits.status] },
    pid: traits.pid === null ? DASH : String(traits.pid),
    uptime: active ? traits.uptime : DASH,
    command: command && command.length > 0 ? commandLine(command) : null,
    health: healthOf(traits, reportInterval),
    dir: traits.process_dir || null,
    deadline: started_at !== null && limit !== null
      ? started_at + limit * 1000
      : null,
    exit: exitOf(traits),
    job: jobOf(traits),
    usage: {
      cpuPercent: traits.cpu_percent,
      memoryBytes: traits.memory_bytes,
      history: traits.usage_history,
    },
    notices: noticesOf(traits),
    running: active,
    polling: traits.polling_active,
  };
}

/** Quotes a command for a shell where necessary. */
export function commandLine(command: readonly string[]): string {
  return command.map((part) =>
    /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`
  ).join(" ");
}

/** Returns the last health report of a process, or null if there is none. */
export function healthOf(
  traits:
    & Pick<
      ProcessTraits,
      "pid" | "status" | "health_status" | "health_message" | "health_timestamp"
    >
    & Partial<Pick<ProcessTraits, "health_details">>,
  reportInterval: number,
): Health | null {
  if (traits.health_status === null) return null;
  const { health_timestamp: timestamp } = traits;
  // A process that is not running is not expected to report.
  const active = traits.pid !== null && traits.status !== "suspended";
  const expected = active && timestamp !== null;
  const patience = (MISSED_REPORTS + 0.5) * reportInterval;
  return {
    status: traits.health_status,
    message: traits.health_message,
    healthy: traits.health_status === "healthy",
    timestamp,
    details: traits.health_details,
    staleAt: expected ? timestamp + patience : null,
  };
}

/** Returns how a process exited; null if it has not, or nothing is known. */
export function exitOf(
  traits:
    & Pick<
      ProcessTraits,
      | "pid"
      | "status"
      | "exit_code"
      | "exit_signal"
      | "exited_at"
      | "exit_reason"
    >
    & Partial<Pick<ProcessTraits, "exit_note">>,
): Exit | null {
  const { exit_code: code, exit_signal: signal, exited_at: at } = traits;
  if (traits.pid !== null) return null;
  if (code === null && signal === null && at === null) return null;
  const cause = signal ?? (code === null ? "ended" : `code ${code}`);
  const reason = traits.exit_note ?? REASONS[traits.exit_reason ?? "exited"];
  return { cause, failed: traits.status === "failed", reason, at };
}

function jobOf(traits: ProcessTraits): CardView["job"] {
  const { expected_start: start, time_limit: limit } = traits;
  const facts: [string, string, string | null][] = [
    ["job", "Job", traits.job_id],
    ["job-reason", "Pending", traits.job_reason],
    ["start", "Expected start", start ? formatTime(start, Date.now()) : null],
    ["node", "Node", traits.node],
    ["partition", "Partition", traits.partition],
    ["limit", "Time limit", limit ? formatSeconds(limit) : null],
  ];
  return facts.filter((fact): fact is [string, string, string] => !!fact[2]);
}

function noticesOf(traits: ProcessTraits): Notice[] {
  const notices: Notice[] = [];
  if (traits.error !== null) {
    notices.push({ kind: "error", text: traits.error });
  } else if (traits.scheduler_notice) {
    const { scheduler_notice: text, scheduler_at: at } = traits;
    notices.push({ kind: "scheduler", text, at });
  } else if (traits.status === "unknown" && traits.process_dir) {
    const text = `Waiting for ${traits.process_dir} to appear`;
    notices.push({ kind: "waiting", text });
  } else if (isBlank(traits)) {
    notices.push({ kind: "loading", text: "No data yet" });
  }
  if (traits.watch_notice) {
    notices.push({ kind: "info", text: traits.watch_notice });
  }
  if (!traits.polling_active) {
    const text = "Polling is paused: the card shows what was known before";
    notices.push({ kind: "paused", text });
  }
  return notices;
}

function isBlank(traits: ProcessTraits): boolean {
  return traits.status === "unknown" && traits.health_status === null &&
    traits.stdout_lines.length === 0 && traits.stderr_lines.length === 0;
}
