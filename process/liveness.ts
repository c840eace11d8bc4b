import {
  type ExitRecord,
  parseExit,
  parsePidFile,
  type ProcessState,
} from "./directory/formats.ts";
import { StateReader } from "./directory/state_reader.ts";
import { ParsedFile } from "./files/parsed_file.ts";
import type { Reading } from "./files/reading.ts";
import { exists } from "./files/regular_file.ts";
import type { JobSnapshot, ProcessStatus } from "./snapshot.ts";
import type { WatchedFiles } from "./source.ts";
import type { ProcessTable } from "./system/process_table.ts";
import { ProcessTracker } from "./system/tracker.ts";

/** Whether a process is running, and since when; otherwise how it ended. */
export interface Liveness {
  /**
   * "unknown" if no file names its pid, the file cannot be read, or the process
   * runs elsewhere.
   */
  readonly status: Exclude<ProcessStatus, "unhealthy">;
  /** The pid, or null if it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null if not running or unknown. */
  readonly startedAt: number | null;
  /** How it ended; null while it runs, and if that was not recorded. */
  readonly exit: ExitRecord | null;
  /** What its scheduler says; null if it is not run by one. */
  readonly job: JobSnapshot | null;
}

const NOT_RUNNING = { pid: null, startedAt: null, exit: null, job: null };
/** Nothing is known about the process. */
export const UNKNOWN: Liveness = { status: "unknown", ...NOT_RUNNING };
const STOPPED: Liveness = { status: "stopped", ...NOT_RUNNING };

/**
 * Determines whether a process is running, from its state file or pid file.
 *
 * Without such a file it is stopped, unless its whole directory does not exist
 * yet: then, and where no pid is watched, its status is unknown.
 */
export class LivenessReader {
  readonly #processDir: string | null;
  readonly #readState: () => Promise<Reading<ProcessState | null>>;
  readonly #watchesPid: boolean;
  readonly #tracker: ProcessTracker;
  readonly #exit: ParsedFile<ExitRecord> | null;
  #lastState: ProcessState | null = null;
  #last: Liveness = UNKNOWN;

  constructor(files: WatchedFiles, table: ProcessTable) {
    this.#processDir = files.processDir;
    this.#readState = stateReader(files);
    this.#watchesPid = (files.stateFile ?? files.pidFile ?? files.pid) !== null;
    this.#tracker = new ProcessTracker(table);
    this.#exit = files.exitFile === null
      ? null
      : new ParsedFile(files.exitFile, parseExit);
  }

  /** Returns what is known now; on an error, what was known last. Never rejects. */
  async read(): Promise<Reading<Liveness>> {
    const { value: state, error } = await this.#readState();
    const errors = error === null ? [] : [error];
    try {
      const found = state === null
        ? await this.#withoutState()
        : await this.#withState(state);
      // Another process than the last known one may have been started.
      const liveness = found.pid === null && error !== null ? UNKNOWN : found;
      this.#last = liveness.status === "stopped"
        ? await this.#withExit(liveness, errors)
        : liveness;
    } catch (cause) {
      errors.push(cause instanceof Error ? cause.message : String(cause));
    }
    const message = errors.length === 0 ? null : errors.join("\n");
    return { value: this.#last, error: message };
  }

  /**
   * Returns what is known now if no file has changed since the last read; null if
   * files have to be read, as the process is no longer running.
   *
   * @throws {Error} If that cannot be found out.
   */
  async recheck(): Promise<Liveness | null> {
    const { pid } = this.#last;
    if (pid === null || this.#lastState === null) return this.#last;
    const liveness = await this.#withState(this.#lastState);
    return liveness.pid === null ? null : this.#last = liveness;
  }

  async #withState(state: ProcessState): Promise<Liveness> {
    this.#lastState = state;
    const found = await this.#tracker.find(state);
    if (found === null) return STOPPED;
    const startTime = state.createTime ?? found.startTime;
    const startedAt = startTime === null ? null : Math.round(startTime * 1000);
    const { state: status, pid } = found;
    return { status, pid, startedAt, exit: null, job: null };
  }

  async #withExit(stopped: Liveness, errors: string[]): Promise<Liveness> {
    if (this.#exit === null) return stopped;
    const { value: exit, error } = await this.#exit.read();
    if (error !== null) errors.push(error);
    // The original does not maintain the file, so it may be of an earlier run.
    if (exit === null || this.#lastState && isBefore(exit, this.#lastState)) {
      return stopped;
    }
    return { ...stopped, status: hasFailed(exit) ? "failed" : "stopped", exit };
  }

  async #withoutState(): Promise<Liveness> {
    if (!this.#watchesPid) return UNKNOWN;
    if (this.#processDir === null) return STOPPED;
    return await exists(this.#processDir) ? STOPPED : UNKNOWN;
  }
}

/**
 * Returns whether a process failed: it exited with a code other than 0 or was ended by
 * a signal, and not on request.
 */
export function hasFailed({ reason, code, signal }: ExitRecord): boolean {
  return reason === "exited" && (signal !== null || (code ?? 0) !== 0);
}

/** Returns whether an exit precedes the start of the recorded process. */
function isBefore(
  exit: ExitRecord,
  { pid, createTime }: ProcessState,
): boolean {
  if (createTime === null) return exit.pid !== pid;
  // It may seem to have ended before it started if the clock was set back.
  const isSame = exit.pid === pid && exit.createTime === createTime;
  return !isSame && exit.exitedAt < Math.floor(createTime * 1000);
}

function stateReader(
  files: WatchedFiles,
): () => Promise<Reading<ProcessState | null>> {
  const { stateFile, startFile, pidFile, pid } = files;
  if (stateFile !== null && startFile !== null) {
    const reader = new StateReader({ stateFile, startFile });
    return () => reader.read();
  }
  if (pidFile !== null) {
    const file = new ParsedFile(pidFile, parsePidFile);
    return () => file.read();
  }
  const value = pid === null
    ? null
    : { pid, createTime: null, createdAt: null };
  return () => Promise.resolve({ value, error: null });
}
