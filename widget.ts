import type { ProcessStatus } from "./process/snapshot.ts";

/** Which palette a widget uses; "auto" follows the page it is shown on. */
export type Theme = "auto" | "light" | "dark";

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
  /** The status of its last health report, or null when there is none. */
  health_status: string | null;
  /** The message of its last health report, or null when it has none. */
  health_message: string | null;
  /** The last lines of its standard output. */
  stdout_lines: string[];
  /** The last lines of its standard error. */
  stderr_lines: string[];
  /** The palette. */
  theme: Theme;
  /** Whether the process is being polled; false pauses. */
  polling_active: boolean;
  /** Seconds between two polls. */
  polling_interval: number;
  /** What cannot be read and what to do about it; null when all is well. */
  error: string | null;
};
