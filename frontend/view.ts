/** What a card shows, in the words it shows it: traits in, a {@linkcode View} out. */

import type { ProcessTraits } from "../widget.ts";
import type { IconName } from "./icon.tsx";

/** Everything a card shows of a process. */
export interface View {
  readonly name: string;
  readonly status: Status;
  readonly pid: string;
  readonly uptime: string;
  /** The command line, or null when it is not known. */
  readonly command: string | null;
  /** How long it may run, or null for as long as it likes. */
  readonly ttl: string | null;
  /** How and when it ended, or null when nothing tells. */
  readonly exit: string | null;
  readonly health: Health | null;
  /** The process directory, or null when there is none to tell. */
  readonly dir: string | null;
  readonly notices: readonly Notice[];
  /** Whether the kernel goes on polling. */
  readonly polling: boolean;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** How a process is doing, as a word with an icon. */
export interface Status {
  readonly id: ProcessTraits["status"];
  readonly icon: IconName;
}

/** What a process last said of its own health. */
export interface Health {
  readonly status: string;
  readonly message: string | null;
  readonly healthy: boolean;
}

/** Something the reader should know beyond the facts. */
export interface Notice {
  readonly kind: "error" | "loading" | "paused" | "waiting";
  readonly text: string;
}

/** Stands where a fact that all processes have is not known. */
export const DASH = "-";

const ICONS: Record<ProcessTraits["status"], IconName> = {
  running: "check",
  unhealthy: "warning",
  stopped: "ring",
  failed: "cross",
  unknown: "question",
};

/** The view of a process with these traits. */
export function viewOf(traits: ProcessTraits): View {
  return {
    name: traits.name,
    status: { id: traits.status, icon: ICONS[traits.status] },
    pid: traits.pid === null ? DASH : String(traits.pid),
    uptime: traits.pid === null ? DASH : traits.uptime,
    command: traits.command?.join(" ") ?? null,
    ttl: traits.ttl_seconds === null ? null : `${traits.ttl_seconds} s`,
    exit: exitOf(traits),
    health: healthOf(traits),
    dir: traits.process_dir || null,
    notices: noticesOf(traits),
    polling: traits.polling_active,
    stdout: traits.stdout_lines,
    stderr: traits.stderr_lines,
  };
}

function exitOf(traits: ProcessTraits): string | null {
  if (traits.exited_at === null) return null;
  const how = traits.exit_signal ??
    (traits.exit_code === null ? "ended" : `code ${traits.exit_code}`);
  const why = { exited: "", terminated: " (asked to end)", ttl: " (TTL over)" };
  const when = new Date(traits.exited_at).toLocaleString();
  return `${how} at ${when}${why[traits.exit_reason ?? "exited"]}`;
}

function healthOf(traits: ProcessTraits): Health | null {
  if (traits.health_status === null) return null;
  return {
    status: traits.health_status,
    message: traits.health_message,
    healthy: traits.health_status === "healthy",
  };
}

function noticesOf(traits: ProcessTraits): Notice[] {
  const notices: Notice[] = [];
  if (traits.error !== null) {
    notices.push({ kind: "error", text: traits.error });
  } else if (traits.status === "unknown" && traits.process_dir) {
    const text = `Waiting for ${traits.process_dir} to appear`;
    notices.push({ kind: "waiting", text });
  } else if (isBlank(traits)) {
    notices.push({ kind: "loading", text: "Nothing known of it yet" });
  }
  if (!traits.polling_active) {
    const text = "Polling is paused in the kernel; the widget's resume() " +
      "starts it again";
    notices.push({ kind: "paused", text });
  }
  return notices;
}

function isBlank(traits: ProcessTraits): boolean {
  return traits.status === "unknown" && traits.health_status === null &&
    traits.stdout_lines.length === 0 && traits.stderr_lines.length === 0;
}
