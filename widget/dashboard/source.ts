/** What a dashboard shows: the processes of a manager, handles, other sources. */
import {
  type ProcessSource,
  resolveSource,
  type WatchedFiles,
} from "../../process/source.ts";
import type { CreateOptions } from "../../process/lifecycle/run_options.ts";
import type { DashboardControl, RowControl } from "./traits.ts";

/** A source that can start and end its process: a handle. */
export interface ProcessActor {
  /** Starts the process. */
  start(): Promise<unknown>;
  /** Ends the process if it is running, and starts it. */
  restart(): Promise<unknown>;
  /** Ends the process. */
  terminate(): Promise<unknown>;
}

/** What lists and creates the processes of a base folder: a manager. */
export interface ProcessFolder {
  /** The base folder. */
  readonly dir: string;
  /** Returns the process with this name. */
  get(name: string): Promise<ProcessActor>;
  /** Creates a process and starts it. */
  run(options: CreateOptions): Promise<unknown>;
  /** Returns whether there is a process with this name. */
  exists(name: string): Promise<boolean>;
  /** Ends a process and removes its directory. */
  remove(name: string): Promise<unknown>;
}

/** What a dashboard shows. A manager stands for all processes of its folder. */
export type DashboardSource =
  | ProcessFolder
  | ProcessSource
  | readonly (ProcessFolder | ProcessSource)[];

/** A process in a dashboard. */
export interface ListedProcess {
  /** Identifies it among all processes. */
  readonly key: string;
  /** Its files. */
  readonly files: WatchedFiles;
  /** What views may request of it. */
  readonly controls: readonly RowControl[];
  /** Returns what starts and ends it; null if nothing does. */
  readonly actor: (() => Promise<ProcessActor>) | null;
  /** Ends it and removes its directory; null if it cannot be removed. */
  readonly remove: (() => Promise<unknown>) | null;
}

/** The controls of all processes that can be started and ended. */
const ACTING: readonly RowControl[] = [
  "start",
  "restart",
  "terminate",
  "clear_logs",
];

/** The controls of the processes of a manager. */
const REMOVABLE: readonly RowControl[] = [...ACTING, "remove"];

/** Returns whether a source is a manager. */
export function isFolder(
  source: ProcessFolder | ProcessSource,
): source is ProcessFolder {
  if (typeof source !== "object" || source === null) return false;
  const { dir, get, run, remove } = source as Partial<ProcessFolder>;
  return typeof dir === "string" &&
    [get, run, remove].every((member) => typeof member === "function");
}

/** Returns the process of a directory in a base folder. */
export function processIn(
  folder: ProcessFolder,
  name: string,
  processDir: string,
  offered: readonly DashboardControl[],
): ListedProcess {
  return {
    key: processDir,
    files: resolveSource({ processDir, name }),
    controls: offeredOf(REMOVABLE, offered),
    actor: () => folder.get(name),
    remove: () => folder.remove(name),
  };
}

/**
 * Returns the process of any other source.
 *
 * @throws {TypeError | RangeError} If the source is invalid.
 */
export function processOf(
  source: ProcessSource,
  offered: readonly DashboardControl[],
): ListedProcess {
  const files = resolveSource(source);
  const { processDir, pid, pidFile, stdout, stderr, healthFile } = files;
  const acts = isActor(source);
  return {
    key: processDir ??
      JSON.stringify([pid, pidFile, stdout, stderr, healthFile]),
    files,
    controls: acts ? offeredOf(ACTING, offered) : [],
    actor: acts ? () => Promise.resolve(source) : null,
    remove: null,
  };
}

function isActor(source: unknown): source is ProcessActor {
  const { start, restart, terminate } = source as Partial<ProcessActor>;
  return [start, restart, terminate].every((member) =>
    typeof member === "function"
  );
}

/** Frozen, so that rows can keep it without a copy. */
function offeredOf(
  controls: readonly RowControl[],
  offered: readonly DashboardControl[],
): readonly RowControl[] {
  return Object.freeze(
    controls.filter((control) => offered.includes(control)),
  );
}
