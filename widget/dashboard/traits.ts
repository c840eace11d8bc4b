/** The traits of a dashboard: what the kernel and its pages share. */
import type { ProcessStatus } from "../../process/snapshot.ts";
import type { ProcessTraits, Stream, Theme } from "../traits.ts";
import type { UsageSample } from "../usage_history.ts";

/** Identifies a row for as long as its process is listed, for example "p12". */
export type RowId = string;

/**
 * Something that a view may request of processes in a dashboard.
 *
 * - `"start"`, `"restart"`, `"terminate"`: starting and ending processes.
 * - `"remove"`: ending processes and removing their directories.
 * - `"clear_logs"`: truncating their log files.
 */
export type RowControl =
  | "start"
  | "restart"
  | "terminate"
  | "remove"
  | "clear_logs";

/** What a view may request: of processes, or creating one. */
export type DashboardControl = RowControl | "create";

/** An action on a process that is running or has failed. */
export type RowAction = {
  /** What was requested. */
  readonly control: RowControl;
  /** Whether it is running or has failed. */
  readonly state: "running" | "failed";
  /** Why it failed, naming the process; null while it is running. */
  readonly reason: string | null;
};

/** The name of a trait that a row has in common with the card of its process. */
export type RowTrait =
  | "name"
  | "process_dir"
  | "status"
  | "pid"
  | "started_at"
  | "command"
  | "ttl_seconds"
  | "exit_code"
  | "exit_signal"
  | "exited_at"
  | "exit_reason"
  | "exit_note"
  | "job_reason"
  | "scheduler_notice"
  | "scheduler_at"
  | "health_status"
  | "health_message"
  | "health_timestamp";

/** What a row shows of its process, except for its usage. */
export type Row = Pick<ProcessTraits, RowTrait> & {
  /** The last line that it printed, of at most 400 characters, with its escape
   * sequences; "" if there is none. */
  readonly last_line: string;
  /** The stream of that line, or null. */
  readonly last_stream: Stream | null;
  /** What views may request of it. */
  readonly controls: readonly RowControl[];
  /** The requested action that is running or has failed, or null. */
  readonly action: RowAction | null;
  /** What cannot be read and how to fix it; null if everything can. */
  readonly error: string | null;
};

/** The columns by which rows can be sorted. */
export type Column =
  | "status"
  | "name"
  | "pid"
  | "uptime"
  | "health"
  | "cpu"
  | "memory"
  | "output"
  | "exit";

/** How rows are sorted. */
export type Sorting = {
  readonly column: Column;
  readonly descending: boolean;
};

/** Which rows are shown. */
export type Filter = {
  /** What the name, command, pid, health or last line contains, in any case. */
  readonly text: string;
  /** The statuses that are shown; empty for all. */
  readonly statuses: readonly ProcessStatus[];
};

/** The fields of the form that creates a process. */
export type FormField = "name" | "command" | "cwd" | "env" | "ttl";

/** What is entered into the form that creates a process: unchecked text. */
export type FormValues = { readonly [F in FormField]: string };

/** The last request to create a process, and what became of it. */
export type Creation = {
  /** The id that the view gave the request. */
  readonly request: string;
  /** The name of the process. */
  readonly name: string;
  readonly state: "running" | "failed" | "created";
  /** What is wrong with a field, or under "form" with all. */
  readonly errors: { readonly [F in FormField | "form"]?: string };
};

/** A message from a view, sent with `model.send`. */
export type DashboardRequest =
  /** Begins an action on processes. */
  | { readonly control: RowControl; readonly ids: readonly RowId[] }
  /** Creates a process and starts it. */
  | {
    readonly control: "create";
    readonly request: string;
    readonly values: FormValues;
  }
  /** Forgets the failed actions of processes. */
  | { readonly control: "dismiss"; readonly ids: readonly RowId[] }
  /** Polls all processes now. */
  | { readonly control: "poll" }
  /** Names the rows that a view displays, which are measured at every tick; the
   * others take turns. `view` identifies the view. */
  | {
    readonly control: "visible";
    readonly view: string;
    readonly ids: readonly RowId[];
  };

/** The traits that a dashboard always has. */
export type FixedTraits = {
  /** The base folder whose processes are listed, or "" if there is none. */
  dir: string;
  /** The ids of all rows, by the names of their processes. */
  ids: readonly RowId[];
  /** What views may request, at least of some processes. */
  controls: readonly DashboardControl[];
  /** How rows are sorted. */
  sort: Sorting;
  /** Which rows are shown. */
  filter: Filter;
  /** The rows that are expanded. */
  expanded: readonly RowId[];
  /** The last request to create a process, or null. */
  creation: Creation | null;
  /** The palette. */
  theme: Theme;
  /** Whether the processes are polled; false pauses. */
  polling_active: boolean;
  /** Seconds between two polls. */
  polling_interval: number;
  /** What cannot be read and how to fix it; null if everything can. */
  error: string | null;
};

/**
 * The traits of a `ProcessDashboard`. Each row has its own traits, so that a
 * message contains only the rows that changed.
 */
export type DashboardTraits =
  & FixedTraits
  & { [row: `row:${RowId}`]: Row }
  /** Usage in the last 2 minutes, at most a sample per 4 s, oldest first. A
   * sample holds until the next one; the last one is the current usage. Empty
   * if the process is not running. */
  & { [usage: `usage:${RowId}`]: readonly UsageSample[] }
  /** The traits of the card in an expanded row, for example "p12/status". They
   * are absent, or null, while the row is not expanded. */
  & { [detail: `${RowId}/${keyof ProcessTraits}`]: unknown };
