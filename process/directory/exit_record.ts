/** `exit.json`: how and when a process ended. The original knows no such file. */
import {
  isNumber,
  isString,
  type JsonObject,
  optionalField,
  parseObject,
  parseTime,
  requiredField,
} from "../files/json.ts";
import { isPid } from "../system/identity.ts";
import { ReasonError } from "../files/reading.ts";

/** Why a process ended: by itself or a stranger's signal, or because it was asked to. */
export type ExitReason = "exited" | "terminated" | "ttl";

/** How and when a process ended. */
export interface ExitRecord {
  /** The id it had. */
  readonly pid: number;
  /** When it had started, in epoch seconds; null when that is not known. */
  readonly createTime: number | null;
  /** Its exit code; null when a signal ended it, or nobody saw it end. */
  readonly code: number | null;
  /** The signal that ended it, as in "SIGTERM"; null when it exited by itself. */
  readonly signal: string | null;
  /** When it ended, in epoch milliseconds. */
  readonly exitedAt: number;
  /**
   * "terminated" when it was asked to end, "ttl" when its time was over,
   * "exited" when nobody had asked.
   */
  readonly reason: ExitReason;
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
 * @throws {ReasonError} If the text is not such an object; it names the field.
 */
export function parseExit(text: string): ExitRecord {
  const object = parseObject(text);
  return {
    pid: requiredField(object, "pid", isPid, "a positive whole number"),
    createTime: optionalField(
      object,
      "process_create_time",
      isNumber,
      "a number",
    ),
    code: optionalField(object, "exit_code", isNumber, "a number"),
    signal: optionalField(object, "exit_signal", isString, "a string"),
    exitedAt: timeOf(object),
    reason: requiredField(
      object,
      "reason",
      isReason,
      '"exited", "terminated" or "ttl"',
    ),
  };
}

/** The text of an `exit.json` that says this. */
export function formatExit(exit: ExitRecord): string {
  return JSON.stringify(
    {
      pid: exit.pid,
      process_create_time: exit.createTime,
      exit_code: exit.code,
      exit_signal: exit.signal,
      exited_at: new Date(exit.exitedAt).toISOString(),
      reason: exit.reason,
    },
    null,
    2,
  ) + "\n";
}

/**
 * Whether the process failed: it ended with a code other than 0, or by a
 * signal, and nobody had asked it to.
 */
export function hasFailed({ reason, code, signal }: ExitRecord): boolean {
  return reason === "exited" && (signal !== null || (code ?? 0) !== 0);
}

function timeOf(object: JsonObject): number {
  const time = parseTime(
    requiredField(object, "exited_at", isString, "an ISO 8601 time"),
  );
  if (time !== null) return time;
  throw new ReasonError("'exited_at' is not an ISO 8601 time");
}
