/** What a card shows, in the words it shows it: traits in, a {@linkcode View} out. */

import type { ProcessTraits, Stream } from "../widget/traits.ts";
import type { UsageSample } from "../widget/usage_history.ts";
import type { IconName } from "./icon.tsx";
import type { Rows } from "./logs/rows.ts";

export type { Stream };

/** Both, in the order in which they are shown. */
export const STREAMS: readonly Stream[] = ["stdout", "stderr"];

/** Everything a card shows of a process. */
export interface View {
  readonly name: string;
  readonly status: Status;
  readonly pid: string;
  readonly uptime: string;
  /** The command line, or null when it is not known. */
  readonly command: string | null;
  readonly health: Health | null;
  /** The process directory, or null when there is none to tell. */
  readonly dir: string | null;
  /** When its time is up, in epoch milliseconds; null for never. */
  readonly deadline: number | null;
  readonly exit: Exit | null;
  readonly usage: Usage;
  readonly notices: readonly Notice[];
  /** Whether the process runs. */
  readonly running: boolean;
  /** Whether the kernel goes on polling. */
  readonly polling: boolean;
  readonly logs: Readonly<Record<Stream, Log>>;
  /** Both streams in one. */
  readonly merged: Rows;
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
  /** When it said so, in epoch milliseconds. */
  readonly timestamp: number | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  /** From when on it counts as stale, in epoch milliseconds; null for never. */
  readonly staleAt: number | null;
}

/** How a process ended. */
export interface Exit {
  /** As in "code 1" and "SIGKILL". */
  readonly cause: string;
  readonly failed: boolean;
  /** Who ended it, if it was not the process itself. */
  readonly reason: string | null;
  /** When it ended, in epoch milliseconds. */
  readonly at: number | null;
}

/** What a process takes of the machine. */
export interface Usage {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  /** The samples of the last minutes, the newest last. */
  readonly history: readonly UsageSample[];
}

/** One stream as it is shown. */
export interface Log {
  readonly rows: Rows;
  /** Whether there is a file to read it from. */
  readonly watched: boolean;
}

/** Something the reader should know beyond the facts. */
export interface Notice {
  readonly kind: "error" | "link" | "loading" | "paused" | "waiting";
  readonly text: string;
}

/** What a view is made of besides traits: what the page keeps of earlier ones. */
export interface Kept {
  readonly rows: Readonly<Record<Stream, Rows>>;
  /** Both streams in one. */
  readonly merged: Rows;
  /** Milliseconds between health reports, as far as they were seen. */
  readonly reportInterval: number;
}

/** Stands where a fact that all processes have is not known. */
export const DASH = "-";

/** So many reports may be missed before the last one counts as stale. */
const MISSED_REPORTS = 3;

const ICONS: Record<ProcessTraits["status"], IconName> = {
  running: "check",
  unhealthy: "warning",
  stopped: "ring",
  failed: "cross",
  unknown: "question",
};

const REASONS = {
  exited: null,
  terminated: "asked to end",
  ttl: "TTL over",
};

/** The view of a process with these traits. */
export function viewOf(traits: ProcessTraits, kept: Kept): View {
  const { started_at, ttl_seconds, command } = traits;
  const mortal = started_at !== null && ttl_seconds !== null;
  return {
    name: traits.name,
    status: { id: traits.status, icon: ICONS[traits.status] },
    pid: traits.pid === null ? DASH : String(traits.pid),
    uptime: traits.pid === null ? DASH : traits.uptime,
    command: command && command.length > 0 ? commandLine(command) : null,
    health: healthOf(traits, kept.reportInterval),
    dir: traits.process_dir || null,
    deadline: mortal ? started_at + ttl_seconds * 1000 : null,
    exit: exitOf(traits),
    usage: {
      cpuPercent: traits.cpu_percent,
      memoryBytes: traits.memory_bytes,
      history: traits.usage_history,
    },
    notices: noticesOf(traits, kept),
    running: traits.pid !== null,
    polling: traits.polling_active,
    logs: {
      stdout: logOf("stdout", traits, kept),
      stderr: logOf("stderr", traits, kept),
    },
    merged: kept.merged,
  };
}

function logOf(stream: Stream, { streams }: ProcessTraits, kept: Kept): Log {
  return { rows: kept.rows[stream], watched: streams.includes(stream) };
}

/** A command as one would type it. */
export function commandLine(command: readonly string[]): string {
  return command.map((part) =>
    /^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`
  ).join(" ");
}

function healthOf(traits: ProcessTraits, interval: number): Health | null {
  if (traits.health_status === null) return null;
  const { health_timestamp: timestamp } = traits;
  // Nobody expects another report from a process that does not run.
  const expected = timestamp !== null && traits.pid !== null;
  return {
    status: traits.health_status,
    message: traits.health_message,
    healthy: traits.health_status === "healthy",
    timestamp,
    details: traits.health_details,
    staleAt: expected ? timestamp + (MISSED_REPORTS + 0.5) * interval : null,
  };
}

function exitOf(traits: ProcessTraits): Exit | null {
  const { exit_code: code, exit_signal: signal, exited_at: at } = traits;
  if (traits.pid !== null) return null;
  if (code === null && signal === null && at === null) return null;
  const cause = signal ?? (code === null ? "ended" : `code ${code}`);
  const reason = REASONS[traits.exit_reason ?? "exited"];
  return { cause, failed: traits.status === "failed", reason, at };
}

function noticesOf(traits: ProcessTraits, kept: Kept): Notice[] {
  const notices: Notice[] = [];
  if (traits.error !== null) {
    notices.push({ kind: "error", text: traits.error });
  } else if (traits.status === "unknown" && traits.process_dir) {
    const text = `Waiting for ${traits.process_dir} to appear`;
    notices.push({ kind: "waiting", text });
  } else if (isBlank(traits, kept)) {
    notices.push({ kind: "loading", text: "Nothing known of it yet" });
  }
  if (!traits.polling_active) {
    const text = "Polling is paused in the kernel; the widget's resume() " +
      "starts it again";
    notices.push({ kind: "paused", text });
  }
  return notices;
}

function isBlank(traits: ProcessTraits, { rows }: Kept): boolean {
  return traits.status === "unknown" && traits.health_status === null &&
    STREAMS.every((stream) => rows[stream].list.length === 0);
}
