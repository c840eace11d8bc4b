import {
  isObject,
  isString,
  optionalField,
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
 * A malformed timestamp is ignored, as the status beside it is still worth
 * showing.
 *
 * @throws {ReasonError} If it is malformed otherwise; the message names the
 * field.
 */
export function parseHealth(text: string): HealthReport {
  const object = parseObject(text);
  const status = requiredField(object, "status", isString, "a string");
  const timestamp = optionalField(object, "timestamp", isString, "a string");
  const message = optionalField(object, "message", isString, "a string");
  const details = optionalField(object, "details", isObject, "an object");
  return {
    status,
    message: message ?? (isString(details?.message) ? details.message : null),
    timestamp: timestamp === null ? null : parseTime(timestamp),
    details,
  };
}
