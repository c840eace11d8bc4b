/** Reading JSON that another program wrote, field by field. */
import { ReasonError } from "./reading.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a text that must hold a JSON object.
 *
 * @throws {ReasonError} If it does not.
 */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReasonError(
      "it is not whole JSON: it is half-written or broken, and shows again when it is whole",
    );
  }
  if (isObject(value)) return value;
  throw new ReasonError("it does not hold a JSON object: write one");
}

/** Whether a JSON value is an object, not an array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is a string. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a JSON value is a number. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** Whether a JSON value is a list of strings. */
export function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

/** Whether a JSON value is an object whose values are strings. */
export function isStringRecord(
  value: unknown,
): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isString);
}

/**
 * The value of a field, or null when it is missing or null.
 *
 * @param is Whether a value is of the field's type.
 * @param type The words for that type, as in "a string".
 * @throws {ReasonError} If the field has a value of another type.
 */
export function optional<T>(
  object: JsonObject,
  key: string,
  is: (value: unknown) => value is T,
  type: string,
): T | null {
  const value = Object.hasOwn(object, key) ? object[key] : null;
  if (value === null || is(value)) return value;
  throw new ReasonError(`'${key}' is not ${type}: correct what writes it`);
}

/**
 * The value of a field that must be there.
 *
 * @param is Whether a value is of the field's type.
 * @param type The words for that type, as in "a string".
 * @throws {ReasonError} If the field is missing or has a value of another type.
 */
export function required<T>(
  object: JsonObject,
  key: string,
  is: (value: unknown) => value is T,
  type: string,
): T {
  const value = optional(object, key, is, type);
  if (value !== null) return value;
  throw new ReasonError(`'${key}' is missing: it must be ${type}`);
}

/**
 * Epoch milliseconds of an ISO 8601 time, as `Date` reads it: without a zone it
 * is local time, which is what Python's `isoformat()` means too. Null when the
 * text is no such time.
 */
export function parseTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
