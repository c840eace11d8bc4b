import {
  isObject,
  isString,
  parseObject,
  parseTime,
  requiredField,
} from "../files/parsed_file.ts";

/** A process's report on its own health. */
export interface HealthReport {
  /** `"healthy"`, or any other word for what is wrong. */
  readonly status: string;
  /** A message for people, or null. */
  readonly message: string | null;
  /** When it was reported, in epoch milliseconds; null if unknown. */
  readonly timestamp: number | null;
  /** Further details, or null. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

/**
 * Parses a health file in the format of `syft-process-manager`'s `health.json`:
 * an object with `status` ("healthy" or any other word), and optionally
 * `timestamp` (ISO 8601), `message` (a string) and `details` (an object, whose
 * own `message` is used if there is none beside it).
 *
 * Only the status is required, as it has to be shown whatever is beside it: a
 * message of another type is converted to text, and a malformed timestamp or
 * other details are ignored.
 *
 * @throws {ReasonError} If the status is missing or no string, or the file holds
 * no JSON object.
 */
export function parseHealth(text: string): HealthReport {
  const object = parseObject(text);
  const status = requiredField(object, "status", isString, "a string");
  const { message, timestamp, details } = object;
  const known = isObject(details) ? details : null;
  return {
    status,
    message: textOf(message) ?? textOf(known?.message),
    timestamp: isString(timestamp) ? parseTime(timestamp) : null,
    details: known,
  };
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return isString(value) ? value : JSON.stringify(value);
}
