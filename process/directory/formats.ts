/**
 * The formats of the files in a process directory. `config.json` and
 * `process_state.json` are those of `syft-process-manager`; `exit.json`,
 * `launch.json`, `start.json` and `stop.json` are unknown to it. For
 * `health.json` see `health.ts`, and for the files of jobs `job_formats.ts`.
 */
import {
  isNumber,
  isObject,
  isString,
  isStringList,
  isStringRecord,
  type JsonObject,
  optionalField,
  parseObject,
  parseTime,
  requiredField,
} from "../files/parsed_file.ts";
import { ReasonError } from "../files/reading.ts";
import { isPid, type RecordedProcess } from "../system/identity.ts";
import type { PidScope } from "../system/pid_scope.ts";
import { type JobRun, jobRunIn } from "./job_formats.ts";

/** What runs a process, with its options: JSON values. */
export interface RunnerSpec {
  /** The kind of runner, as in "subprocess". */
  readonly type: string;
  /** Its options by name. */
  readonly [option: string]: unknown;
}

/** Runs a process on this machine. */
export const SUBPROCESS: RunnerSpec = { type: "subprocess" };

/** How a process is to be run. */
export interface ProcessSpec {
  /** The process's name. */
  readonly name: string;
  /** The program and its arguments. */
  readonly cmd: readonly string[];
  /** Environment variables on top of those of the kernel. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder to run it in. */
  readonly cwd: string;
  /** Time to live, in seconds; null if unlimited. */
  readonly ttlSeconds: number | null;
  /** What runs it. Default: {@linkcode SUBPROCESS}. */
  readonly runner?: RunnerSpec;
}

/** The content of `config.json`: how the process is to be run. */
export interface ProcessConfig {
  /** The process's name. */
  readonly name: string | null;
  /** The program and its arguments. */
  readonly cmd: readonly string[] | null;
  /** Environment variables on top of those of its parent. */
  readonly env: Readonly<Record<string, string>> | null;
  /** Time to live, in seconds; null if unlimited. */
  readonly ttlSeconds: number | null;
  /** What runs it. */
  readonly runner: RunnerSpec;
}

/** The content of `process_state.json` or of a pid file: which process runs. */
export interface ProcessState extends RecordedProcess {
  /** When the file was written, in epoch milliseconds; null if unknown. */
  readonly createdAt: number | null;
  /** What `start.json` says about the same process, if there is one. */
  readonly start?: StartRecord;
}

/** The content of `start.json`: where a process was started, and by whom. */
export interface StartRecord extends PidScope {
  /** The pid of the process. */
  readonly pid: number;
  /** When it started, in epoch seconds; null if unknown. */
  readonly createTime: number | null;
  /** When it started, in clock ticks since boot; null if unknown. */
  readonly startTicks: number | null;
  /** The pid of its supervisor; null if it has none. */
  readonly supervisorPid: number | null;
  /** When its supervisor started, in clock ticks since boot; null if unknown. */
  readonly supervisorStartTicks: number | null;
}

/** Why a process ended: by itself, on request, or at the end of its time to live. */
export type ExitReason = "exited" | "terminated" | "ttl";

/** The content of `exit.json`: how and when a process ended. */
export interface ExitRecord {
  /** The pid that it had; null for a job that never started. */
  readonly pid: number | null;
  /** When it had started, in epoch seconds; null if unknown. */
  readonly createTime: number | null;
  /** Its exit code; null if a signal ended it or its exit was not observed. */
  readonly code: number | null;
  /** The signal that ended it, as in "SIGTERM"; null if it exited by itself. */
  readonly signal: string | null;
  /** When it ended, in epoch milliseconds. */
  readonly exitedAt: number;
  /**
   * "terminated" if it was ended on request, "ttl" if its time to live was
   * over, otherwise "exited".
   */
  readonly reason: ExitReason;
  /** How the scheduler of a job ended it, in words; absent or null if it did not. */
  readonly note?: string | null;
  /** The run of the job that it was; absent if it was not a job. */
  readonly job?: JobRun;
}

/** The content of `stop.json`: a process is being ended on request. */
export interface StopMarker {
  /** The pid of the process. */
  readonly pid: number;
  /** When the marker expires, in epoch milliseconds: its writer may have crashed. */
  readonly until: number;
}

/**
 * Parses `config.json`. Missing fields are null; fields that are not part of
 * {@linkcode ProcessConfig} are ignored.
 *
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseConfig(text: string): ProcessConfig {
  const object = parseObject(text);
  return {
    name: optionalField(object, "name", isString, "a string"),
    cmd: optionalField(object, "cmd", isStringList, "a list of strings"),
    env: optionalField(object, "env", isStringRecord, "an object of strings"),
    ttlSeconds: optionalField(object, "ttl_seconds", isNumber, "a number"),
    runner: {
      ...optionalField(object, "runner", isObject, "an object"),
      type: optionalField(object, "runner_type", isString, "a string") ??
        SUBPROCESS.type,
    },
  };
}

/**
 * Formats `config.json` with the keys that the original writes, and no others
 * but the options of a runner that it does not know.
 */
export function formatConfig(spec: ProcessSpec, processDir: string): string {
  const { type, ...options } = spec.runner ?? SUBPROCESS;
  return formatJson({
    name: spec.name,
    cmd: spec.cmd,
    env: spec.env,
    process_dir: processDir,
    runner_type: type,
    ...Object.keys(options).length > 0 && { runner: options },
    ttl_seconds: spec.ttlSeconds,
    log_level: "INFO",
  });
}

/**
 * Parses `launch.json`: the working directory, for which `config.json` has no
 * field.
 *
 * @returns The working directory, or null if it is not recorded.
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseLaunch(text: string): string | null {
  return optionalField(parseObject(text), "cwd", isString, "a string");
}

/** Formats `launch.json`. */
export function formatLaunch({ cwd }: ProcessSpec): string {
  return formatJson({ cwd });
}

/**
 * Parses `process_state.json`: `pid`, and optionally `process_create_time`
 * (epoch seconds, as from psutil) and `created_at` (ISO 8601).
 *
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseState(text: string): ProcessState {
  const object = parseObject(text);
  const createdAt = optionalField(object, "created_at", isString, "a string");
  return {
    ...recordedProcess(object),
    createdAt: createdAt === null ? null : parseTime(createdAt),
  };
}

/** Formats `process_state.json`. */
export function formatState(state: ProcessState): string {
  return formatJson({
    pid: state.pid,
    process_create_time: state.createTime,
    created_at: new Date(state.createdAt ?? Date.now()).toISOString(),
  });
}

/**
 * Parses `start.json`:
 *
 * ```json
 * {
 *   "pid": 4711,
 *   "process_create_time": 1763830245.37,
 *   "start_ticks": 523617,
 *   "boot_id": "4f702e7e-6c3c-4c50-b3b1-af52cd14aa8e",
 *   "pid_namespace": "pid:[4026531836]",
 *   "host": "lab",
 *   "supervisor_pid": 4700,
 *   "supervisor_start_ticks": 523590
 * }
 * ```
 *
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseStart(text: string): StartRecord {
  const object = parseObject(text);
  const number = (key: string) =>
    optionalField(object, key, isNumber, "a number");
  const string = (key: string) =>
    optionalField(object, key, isString, "a string");
  return {
    ...recordedProcess(object),
    startTicks: number("start_ticks"),
    bootId: string("boot_id"),
    pidNamespace: string("pid_namespace"),
    host: string("host"),
    supervisorPid: optionalField(object, "supervisor_pid", isPid, "a pid"),
    supervisorStartTicks: number("supervisor_start_ticks"),
  };
}

/** Formats `start.json`. */
export function formatStart(start: StartRecord): string {
  return formatJson({
    pid: start.pid,
    process_create_time: start.createTime,
    start_ticks: start.startTicks,
    boot_id: start.bootId,
    pid_namespace: start.pidNamespace,
    host: start.host,
    supervisor_pid: start.supervisorPid,
    supervisor_start_ticks: start.supervisorStartTicks,
  });
}

/**
 * Parses a pid file: its first line holds the pid. The rest is ignored, as in
 * PostgreSQL's `postmaster.pid`.
 *
 * @throws {ReasonError} If the first line holds no pid. An empty file is one
 * that its daemon has not finished writing.
 */
export function parsePidFile(text: string): ProcessState {
  const line = text.split("\n", 1)[0].trim();
  if (line === "") {
    throw new ReasonError(
      "its first line is empty: the process writes its pid there",
    );
  }
  const pid = /^\d+$/.test(line) ? Number(line) : NaN;
  if (!isPid(pid)) {
    const shown = line.length > 40 ? `${line.slice(0, 40)}…` : line;
    throw new ReasonError(
      `'${shown}' is not a pid: its first line must be one`,
    );
  }
  return { pid, createTime: null, createdAt: null };
}

const REASONS: readonly unknown[] = [
  "exited",
  "terminated",
  "ttl",
] satisfies ExitReason[];

function isReason(value: unknown): value is ExitReason {
  return REASONS.includes(value);
}

/**
 * Parses `exit.json`:
 *
 * ```json
 * {
 *   "pid": 4711,
 *   "process_create_time": 1763830245.37,
 *   "exit_code": null,
 *   "exit_signal": "SIGTERM",
 *   "exited_at": "2026-11-22T16:50:45.123Z",
 *   "reason": "terminated"
 * }
 * ```
 *
 * That of a job has its `job_id` and `restarts` as well.
 *
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseExit(text: string): ExitRecord {
  const object = parseObject(text);
  const exitedAt = parseTime(
    requiredField(object, "exited_at", isString, "an ISO 8601 time"),
  );
  if (exitedAt === null) {
    throw new ReasonError("'exited_at' is not an ISO 8601 time");
  }
  const job = jobRunIn(object);
  return {
    ...recordedProcess(object),
    ...job && { job },
    code: optionalField(object, "exit_code", isNumber, "a number"),
    signal: optionalField(object, "exit_signal", isString, "a string"),
    exitedAt,
    reason: requiredField(
      object,
      "reason",
      isReason,
      '"exited", "terminated" or "ttl"',
    ),
  };
}

/** Formats `exit.json`. */
export function formatExit(exit: ExitRecord): string {
  return formatJson({
    pid: exit.pid,
    process_create_time: exit.createTime,
    exit_code: exit.code,
    exit_signal: exit.signal,
    exited_at: new Date(exit.exitedAt).toISOString(),
    reason: exit.reason,
  });
}

/**
 * Parses `stop.json`.
 *
 * @throws {ReasonError} If it is malformed; the message names the field.
 */
export function parseStopMarker(text: string): StopMarker {
  const object = parseObject(text);
  return {
    pid: requiredField(object, "pid", isPid, "a pid"),
    until: requiredField(object, "until", isNumber, "a number"),
  };
}

/** Formats `stop.json`. */
export function formatStopMarker(marker: StopMarker): string {
  return formatJson(marker);
}

function recordedProcess(
  object: JsonObject,
): Pick<RecordedProcess, "pid" | "createTime"> {
  return {
    pid: requiredField(object, "pid", isPid, "a positive whole number"),
    createTime: optionalField(
      object,
      "process_create_time",
      isNumber,
      "a number",
    ),
  };
}

function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
