import {
  type ExitRecord,
  hasFailed,
  parseExit,
} from "./directory/exit_record.ts";
import type { ProcessTableOptions } from "./system/identity.ts";
import { ParsedFile } from "./files/parsed_file.ts";
import type { Reading } from "./files/reading.ts";
import type { WatchedFiles } from "./source.ts";
import {
  parsePidFile,
  parseState,
  type ProcessState,
} from "./directory/state.ts";
import { ProcessTracker } from "./system/tracker.ts";

/** Whether a process runs, and since when; or else how it ended. */
export interface Life {
  /** "unknown" when nothing tells, or it cannot be read. */
  readonly status: "unknown" | "running" | "stopped" | "failed";
  /** Its pid, or null when it is not running. */
  readonly pid: number | null;
  /** When it started, in epoch milliseconds; null when not running or not known. */
  readonly startedAt: number | null;
  /** How it ended; null while it runs, and when there is no record of it. */
  readonly exit: ExitRecord | null;
}

const NOT_RUNNING = { pid: null, startedAt: null, exit: null };
const UNKNOWN: Life = { status: "unknown", ...NOT_RUNNING };
const STOPPED: Life = { status: "stopped", ...NOT_RUNNING };

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
  readonly #exit: ParsedFile<ExitRecord> | null;
  #seen: ProcessState | null = null;
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
    this.#exit = files.exitFile === null
      ? null
      : new ParsedFile(files.exitFile, parseExit);
  }

  /** What is known now; the last known when it cannot be told. Never rejects. */
  async read(): Promise<Reading<Life>> {
    const { value: record, error } = await this.#record();
    const errors = error === null ? [] : [error];
    try {
      const life = record === null
        ? await this.#withoutRecord(error)
        : await this.#withRecord(record);
      this.#last = life.status === "stopped"
        ? await this.#withExit(life, errors)
        : life;
    } catch (cause) {
      errors.push(cause instanceof Error ? cause.message : String(cause));
    }
    const said = errors.length === 0 ? null : errors.join("\n");
    return { value: this.#last, error: said };
  }

  async #withRecord(record: ProcessState): Promise<Life> {
    this.#seen = record;
    const found = await this.#tracker.find(record);
    if (found === null) return STOPPED;
    const startTime = record.createTime ?? found.startTime;
    const startedAt = startTime === null ? null : Math.round(startTime * 1000);
    return { status: "running", pid: found.pid, startedAt, exit: null };
  }

  async #withExit(stopped: Life, errors: string[]): Promise<Life> {
    if (this.#exit === null) return stopped;
    const { value: exit, error } = await this.#exit.read();
    if (error !== null) errors.push(error);
    // The original does not know the file: it may tell of a run before its own.
    if (exit === null || this.#seen && isBefore(exit, this.#seen)) {
      return stopped;
    }
    return { ...stopped, status: hasFailed(exit) ? "failed" : "stopped", exit };
  }

  async #withoutRecord(error: string | null): Promise<Life> {
    if (error !== null || !this.#watchesPid) return UNKNOWN;
    if (this.#processDir === null) return STOPPED;
    return await isMissing(this.#processDir) ? UNKNOWN : STOPPED;
  }
}

/** Whether this end lies before the start of the process that the record names. */
function isBefore(
  exit: ExitRecord,
  { pid, createTime }: ProcessState,
): boolean {
  return createTime === null
    ? exit.pid !== pid
    : exit.exitedAt < Math.floor(createTime * 1000);
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
