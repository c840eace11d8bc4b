/**
 * The formats of the files in the directory of a process that runs as a job of a
 * scheduler. `syft-process-manager` does not know them.
 */
import {
  isNumber,
  isString,
  type JsonObject,
  optionalField,
  parseObject,
  parseTime,
  requiredField,
} from "../files/parsed_file.ts";
import { ReasonError } from "../files/reading.ts";
import { isPid } from "../system/identity.ts";

/** One run of a job: a requeued job keeps its id and runs again. */
export interface JobRun {
  /** The id of the job. */
  readonly jobId: string;
  /** How often the job was requeued before. */
  readonly restarts: number;
}

/** The content of `job.json`: as which job the process was submitted. */
export interface JobRecord {
  /** The id of the job. */
  readonly jobId: string;
  /** When it was submitted, in epoch milliseconds. */
  readonly submittedAt: number;
}

/** The content of `job_start.json`: where the process runs. */
export interface JobStart extends JobRun {
  /** Its pid on that host. */
  readonly pid: number;
  /** The name of the host. */
  readonly host: string;
  /** When it started, in epoch milliseconds. */
  readonly startedAt: number;
}

/** The content of `job_end.json`: what the scheduler said of a job's end. */
export interface JobEnd {
  /** The id of the job. */
  readonly jobId: string;
  /** The scheduler's name for the final state, as in "TIMEOUT". */
  readonly state: string;
  /** How the job ended, in words; null if the state says it all. */
  readonly note: string | null;
  /** The exit code; null if a signal ended it, or if unknown. */
  readonly code: number | null;
  /** The signal that ended it, as in "SIGKILL", or null. */
  readonly signal: string | null;
  /** When it ended, in epoch milliseconds. */
  readonly endedAt: number;
}

/** Parses `job.json`: `{ "job_id": "12", "submitted_at": "2026-11-27T12:40:00Z" }`. */
export function parseJob(text: string): JobRecord {
  const object = parseObject(text);
  return {
    jobId: jobIdIn(object),
    submittedAt: timeIn(object, "submitted_at"),
  };
}

/** Formats `job.json`. */
export function formatJob({ jobId, submittedAt }: JobRecord): string {
  return formatJson({
    job_id: jobId,
    submitted_at: new Date(submittedAt).toISOString(),
  });
}

/**
 * Parses `job_start.json`, which the batch script writes:
 *
 * ```json
 * { "job_id": "12", "restarts": 0, "pid": 4711, "host": "n1", "started_at": "2026-11-27T12:40:05Z" }
 * ```
 */
export function parseJobStart(text: string): JobStart {
  const object = parseObject(text);
  return {
    ...jobRunIn(object)!,
    pid: requiredField(object, "pid", isPid, "a positive whole number"),
    host: requiredField(object, "host", isString, "a string"),
    startedAt: timeIn(object, "started_at"),
  };
}

/** Parses `job_end.json`. */
export function parseJobEnd(text: string): JobEnd {
  const object = parseObject(text);
  return {
    jobId: jobIdIn(object),
    state: requiredField(object, "state", isString, "a string"),
    note: optionalField(object, "note", isString, "a string"),
    code: optionalField(object, "exit_code", isNumber, "a number"),
    signal: optionalField(object, "exit_signal", isString, "a string"),
    endedAt: timeIn(object, "ended_at"),
  };
}

/** Formats `job_end.json`. */
export function formatJobEnd(end: JobEnd): string {
  return formatJson({
    job_id: end.jobId,
    state: end.state,
    note: end.note,
    exit_code: end.code,
    exit_signal: end.signal,
    ended_at: new Date(end.endedAt).toISOString(),
  });
}

/**
 * Returns the run of a job that wrote a file; null if no job did.
 *
 * @throws {ReasonError} If a field has the wrong type.
 */
export function jobRunIn(object: JsonObject): JobRun | null {
  if (!Object.hasOwn(object, "job_id")) return null;
  const restarts = optionalField(object, "restarts", isNumber, "a number");
  return { jobId: jobIdIn(object), restarts: restarts ?? 0 };
}

/** An id of Slurm: a number, for a task of an array with its index. */
function jobIdIn(object: JsonObject): string {
  const id = requiredField(object, "job_id", isString, "a string");
  if (/^\d+(_\d+)?$/.test(id)) return id;
  throw new ReasonError("'job_id' is not the id of a job");
}

function timeIn(object: JsonObject, key: string): number {
  const text = requiredField(object, key, isString, "an ISO 8601 time");
  const time = parseTime(text);
  if (time !== null) return time;
  throw new ReasonError(`'${key}' is not an ISO 8601 time`);
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}

/** Returns whether an exit is that of a job's latest run, as far as its start shows. */
export function isOfRun(
  exited: JobRun | undefined,
  jobId: string,
  start: JobStart | null,
): boolean {
  return exited?.jobId === jobId && exited.restarts >= (start?.restarts ?? 0);
}
