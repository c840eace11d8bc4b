import type { ProcessTableOptions } from "./liveness.ts";
import { ParsedFile } from "./parsed_file.ts";
import type { Reading } from "./reading.ts";
import type { WatchedFiles } from "./source.ts";
import { parsePidFile, parseState, type ProcessState } from "./state.ts";
import { ProcessTracker } from "./tracker.ts";

/** Whether a process runs, and since when. */
export interface Life {
  /** "unknown" when nothing tells, or it cannot be read. */
  readonly status: "unknown" | "running" | "stopped";
  /** Its pid, or null when it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null when not running or not known. */
  readonly startedAt: number | null;
}

const UNKNOWN: Life = { status: "unknown", pid: null, startedAt: null };
const STOPPED: Life = { status: "stopped", pid: null, startedAt: null };

/**
 * Tells whether a process runs, from the record that its files keep of it.
 *
 * No record means that it does not run, unless the whole process directory is
 * still to come: then, and where no pid is watched, its status is unknown.
 */
export class LifeReader {
  readonly #processDir: string | null;
  readonly #record: () => Promise<Reading<ProcessState | null>>;
  readonly #watchesPid: boolean;
  readonly #tracker: ProcessTracker;
  #last: Life = UNKNOWN;

  /**
   * Prepares to watch; reads nothing yet.
   *
   * @param files What to watch.
   * @param options Where to look for processes.
   */
  constructor(files: WatchedFiles, options: ProcessTableOptions = {}) {
    this.#processDir = files.processDir;
    this.#record = recordOf(files);
    this.#watchesPid = (files.stateFile ?? files.pidFile ?? files.pid) !== null;
    this.#tracker = new ProcessTracker(options);
  }

  /** What is known now; the last known when it cannot be told. Never rejects. */
  async read(): Promise<Reading<Life>> {
    const { value: record, error } = await this.#record();
    try {
      this.#last = record === null
        ? await this.#withoutRecord(error)
        : await this.#withRecord(record);
      return { value: this.#last, error };
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const errors = error === null ? [message] : [error, message];
      return { value: this.#last, error: errors.join("\n") };
    }
  }

  async #withRecord(record: ProcessState): Promise<Life> {
    const found = await this.#tracker.find(record);
    if (found === null) return STOPPED;
    const startTime = record.createTime ?? found.startTime;
    const startedAt = startTime === null ? null : Math.round(startTime * 1000);
    return { status: "running", pid: found.pid, startedAt };
  }

  async #withoutRecord(error: string | null): Promise<Life> {
    if (error !== null || !this.#watchesPid) return UNKNOWN;
    if (this.#processDir === null) return STOPPED;
    return await isMissing(this.#processDir) ? UNKNOWN : STOPPED;
  }
}

function recordOf(
  files: WatchedFiles,
): () => Promise<Reading<ProcessState | null>> {
  const { stateFile, pidFile, pid } = files;
  if (stateFile !== null) {
    const file = new ParsedFile(stateFile, parseState);
    return () => file.read();
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

async function isMissing(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
