/** The files that say which process it is, in the layout of `syft-process-manager`. */
import {
  isNumber,
  isString,
  isStringList,
  isStringRecord,
  optionalField,
  parseObject,
  parseTime,
  requiredField,
} from "../files/json.ts";
import { isPid } from "../system/identity.ts";
import { ReasonError } from "../files/reading.ts";

/** What `config.json` says: how the process is meant to run. */
export interface ProcessConfig {
  /** Its name. */
  readonly name: string | null;
  /** The command and its arguments. */
  readonly cmd: readonly string[] | null;
  /** Environment variables it gets on top of its parent's. */
  readonly env: Readonly<Record<string, string>> | null;
  /** How long it may run, in seconds; null for as long as it likes. */
  readonly ttlSeconds: number | null;
}

/** Which process it is while it runs, as a state file or a pid file says. */
export interface ProcessState {
  /** The process's id. */
  readonly pid: number;
  /** When it started, in epoch seconds; null when the file does not say. */
  readonly createTime: number | null;
  /** When the file was made, in epoch milliseconds; null when it does not say. */
  readonly createdAt: number | null;
}

/**
 * Parses `config.json`. Fields that are missing are null; others than those of
 * {@linkcode ProcessConfig} are ignored.
 *
 * @throws {ReasonError} If the text is not such an object; it names the field.
 */
export function parseConfig(text: string): ProcessConfig {
  const object = parseObject(text);
  return {
    name: optionalField(object, "name", isString, "a string"),
    cmd: optionalField(object, "cmd", isStringList, "a list of strings"),
    env: optionalField(object, "env", isStringRecord, "an object of strings"),
    ttlSeconds: optionalField(object, "ttl_seconds", isNumber, "a number"),
  };
}

/**
 * Parses `process_state.json`: `pid`, and optionally `process_create_time`
 * (epoch seconds, as psutil gives it) and `created_at` (ISO 8601).
 *
 * @throws {ReasonError} If the text is not such an object; it names the field.
 */
export function parseState(text: string): ProcessState {
  const object = parseObject(text);
  const createdAt = optionalField(object, "created_at", isString, "a string");
  return {
    pid: requiredField(object, "pid", isPid, "a positive whole number"),
    createTime: optionalField(
      object,
      "process_create_time",
      isNumber,
      "a number",
    ),
    createdAt: createdAt === null ? null : parseTime(createdAt),
  };
}

/**
 * Parses a pid file: the pid stands on its first line. What follows is ignored,
 * as in PostgreSQL's `postmaster.pid`.
 *
 * @throws {ReasonError} If the first line holds no pid. An empty file is one that
 * its daemon has not finished writing.
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
    throw new ReasonError(`'${shown}' is no pid: its first line must be one`);
  }
  return { pid, createTime: null, createdAt: null };
}
