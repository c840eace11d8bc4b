import {
  isObject,
  isString,
  optionalField,
  parseObject,
  parseTime,
  requiredField,
} from "../files/json.ts";
import { ParsedFile } from "../files/parsed_file.ts";
import type { HealthReport } from "../snapshot.ts";

/** A health file, parsed when it changed. */
export function healthFile(path: string): ParsedFile<HealthReport> {
  return new ParsedFile(path, parseHealth);
}

/**
 * Parses a health file, in the format of `syft-process-manager`'s
 * `health.json`: an object with `status` ("healthy" or any other word), and
 * optionally `timestamp` (ISO 8601), `message` (a string) and `details` (an
 * object, whose own `message` counts when there is none beside it).
 *
 * A timestamp that is no ISO 8601 time is taken as not said: the status beside
 * it is worth showing all the same.
 *
 * @throws {ReasonError} If the text is not such an object; it names the field.
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
