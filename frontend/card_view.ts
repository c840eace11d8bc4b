/** Converts the traits of a process to what its card displays. */

import type { ProcessTraits } from "../widget/traits.ts";
import type { UsageSample } from "../widget/usage_history.ts";
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
    | "waiting"
    | "info";
  readonly text: string;
}

/** Displayed instead of a value that is unknown. */
export const DASH = "-";

/** A health report is stale after this many missed reports. */
const MISSED_REPORTS = 3;

/** The icon of each status. */
export const STATUS_ICONS: Record<ProcessTraits["status"], IconName> = {
  running: "check",
  unhealthy: "warning",
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
  const { started_at, ttl_seconds, command } = traits;
  const expires = started_at !== null && ttl_seconds !== null;
  return {
    name: traits.name,
    status: { id: traits.status, icon: STATUS_ICONS[traits.status] },
    pid: traits.pid === null ? DASH : String(traits.pid),
    uptime: traits.pid === null ? DASH : traits.uptime,
    command: command && command.length > 0 ? commandLine(command) : null,
    health: healthOf(traits, reportInterval),
    dir: traits.process_dir || null,
    deadline: expires ? started_at + ttl_seconds * 1000 : null,
    exit: exitOf(traits),
    usage: {
      cpuPercent: traits.cpu_percent,
      memoryBytes: traits.memory_bytes,
      history: traits.usage_history,
    },
    notices: noticesOf(traits),
    running: traits.pid !== null,
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
  traits: Pick<
    ProcessTraits,
    | "pid"
    | "status"
    | "exit_code"
    | "exit_signal"
    | "exited_at"
    | "exit_reason"
  >,
): Exit | null {
  const { exit_code: code, exit_signal: signal, exited_at: at } = traits;
  if (traits.pid !== null) return null;
  if (code === null && signal === null && at === null) return null;
  const cause = signal ?? (code === null ? "ended" : `code ${code}`);
  const reason = REASONS[traits.exit_reason ?? "exited"];
  return { cause, failed: traits.status === "failed", reason, at };
}

function noticesOf(traits: ProcessTraits): Notice[] {
  const notices: Notice[] = [];
  if (traits.error !== null) {
    notices.push({ kind: "error", text: traits.error });
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
    const text = "Polling is paused in the kernel: call the widget's " +
      "resume() to continue";
    notices.push({ kind: "paused", text });
  }
  return notices;
}

function isBlank(traits: ProcessTraits): boolean {
  return traits.status === "unknown" && traits.health_status === null &&
    traits.stdout_lines.length === 0 && traits.stderr_lines.length === 0;
}
