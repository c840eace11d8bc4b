/** Reads JSON objects that other programs wrote, field by field. */
import { ReasonError } from "./reading.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses a JSON object.
 *
 * @throws {ReasonError} If `text` is not valid JSON, or not an object.
 */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReasonError(
      "it is not valid JSON: it is half-written or broken, and is read again when it changes",
    );
  }
  if (isObject(value)) return value;
  throw new ReasonError("it does not hold a JSON object: write one");
}

/** Returns whether a JSON value is an object, rather than an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns whether a JSON value is a string. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Returns whether a JSON value is a number. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** Returns whether a JSON value is an array of strings. */
export function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

/** Returns whether a JSON value is an object whose values are all strings. */
export function isStringRecord(
  value: unknown,
): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isString);
}

/**
 * Returns the value of an optional field, or null if it is missing or null.
 *
 * @param is Checks that a value has the field's type.
 * @param type Names that type in the error, as in "a string".
 * @throws {ReasonError} If the value has another type.
 */
export function optionalField<T>(
  object: JsonObject,
  key: string,
  is: (value: unknown) => value is T,
  type: string,
): T | null {
  const value = Object.hasOwn(object, key) ? object[key] : null;
  if (value === null || is(value)) return value;
  throw new ReasonError(
    `'${key}' is not ${type}: correct the program that writes it`,
  );
}

/**
 * Returns the value of a required field.
 *
 * @param is Checks that a value has the field's type.
 * @param type Names that type in the error, as in "a string".
 * @throws {ReasonError} If the field is missing or null, or has another type.
 */
export function requiredField<T>(
  object: JsonObject,
  key: string,
  is: (value: unknown) => value is T,
  type: string,
): T {
  const value = optionalField(object, key, is, type);
  if (value !== null) return value;
  throw new ReasonError(`'${key}' is missing: it must be ${type}`);
}

/**
 * Parses an ISO 8601 time into epoch milliseconds, or returns null if `text` is
 * not such a time.
 *
 * A time without a zone is local, as `Date` reads it and as Python's
 * `isoformat()` means it.
 */
export function parseTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
