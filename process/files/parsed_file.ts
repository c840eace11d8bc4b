/** Reads small files that other programs write, and the fields of JSON in them. */
import { describeReadFailure, type Reading, ReasonError } from "./reading.ts";
import { RegularFile, statRegular } from "./regular_file.ts";

/** The largest file that is parsed, in bytes (1 MiB). */
export const MAX_PARSED_SIZE = 1024 * 1024;

/**
 * Time within which a second change may leave a file's modification time
 * unchanged, in milliseconds: FAT stores it in steps of 2 s.
 */
export const TIME_GRANULARITY = 2000;

/**
 * Reads and parses a small text file, again only when it has changed.
 *
 * @typeParam T The type of the parsed value.
 */
export class ParsedFile<T> {
  /** The path of the file. */
  readonly path: string;
  readonly #parse: (text: string) => T;
  /** The file when it was parsed last, if no later change can look the same. */
  #known: Deno.FileInfo | null = null;
  /** What was parsed last, while a later change could look the same. */
  #parsed: { info: Deno.FileInfo; text: string } | null = null;
  #reading: Reading<T | null> = { value: null, error: null };

  /**
   * Prepares to read a file without opening it.
   *
   * @param path The path of the file, which may not exist yet.
   * @param parse Parses the text; throws {@linkcode ReasonError} if it is invalid.
   */
  constructor(path: string, parse: (text: string) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /**
   * Returns the current value, reading the file if it may have changed.
   *
   * A missing file has the value null and is not an error. While the file cannot
   * be read or parsed, the value is the last good one. The value stays the same
   * object until the file is written again. Never rejects.
   */
  async read(): Promise<Reading<T | null>> {
    try {
      this.#reading = await this.#readIfChanged();
    } catch (error) {
      const { value } = this.#reading;
      this.#reading = { value, error: describeReadFailure(this.path, error) };
    }
    return this.#reading;
  }

  async #readIfChanged(): Promise<Reading<T | null>> {
    const found = await statRegular(this.path);
    if (found !== null && this.#known && looksSame(found, this.#known)) {
      // Its last error was one of reaching the file, not of its content.
      const { value, error } = this.#reading;
      return error === null ? this.#reading : { value, error: null };
    }
    const parsed = this.#parsed;
    this.#known = this.#parsed = null;
    using file = found && await RegularFile.openFound(this.path);
    if (file === null) return { value: null, error: null };
    const { info } = file;
    const now = Date.now();
    const text = await readText(file);
    const same = parsed?.text === text && looksSame(parsed.info, info);
    const value = same ? this.#reading.value : this.#parse(text);
    // A file that has just changed can change again and look the same, so its
    // times are only trusted once they are old enough.
    const changed = info.mtime?.getTime() ?? now;
    if (now - changed > TIME_GRANULARITY) this.#known = info;
    else this.#parsed = { info, text };
    return { value, error: null };
  }
}

/** Returns whether a file has not been replaced or changed, as far as its state shows. */
export function looksSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size &&
    a.mtime?.getTime() === b.mtime?.getTime();
}

function checkSize(size: number): void {
  if (size <= MAX_PARSED_SIZE) return;
  throw new ReasonError("it is larger than 1 MiB: keep it small");
}

/** Reads what a file contained when it was opened. */
async function readText(file: RegularFile): Promise<string> {
  checkSize(file.info.size);
  const bytes = await file.readFrom(0);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ReasonError("it is not UTF-8: write it as UTF-8");
  }
}

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How deep the values of a file may be nested; deeper ones are replaced. */
const MAX_DEPTH = 32;

/** How many values a file may hold: 60,000 take 50 ms to parse and copy. */
const MAX_VALUES = 30_000;

/** Stands for a value that is nested too deeply. */
const TOO_DEEP = "…";

/**
 * Parses a JSON object, bounded so that nothing that handles it later can fail
 * on it: values nested more than 32 levels deep become "…", and numbers that are
 * not finite become null. `NaN` and `Infinity`, which Python writes although
 * JSON has no such values, count as numbers.
 *
 * @throws {ReasonError} If `text` is not valid JSON, or not an object.
 */
export function parseObject(text: string): JsonObject {
  const value = bounded(parseJson(text), MAX_DEPTH);
  if (isObject(value)) return value;
  throw new ReasonError("it does not hold a JSON object: write one");
}

function parseJson(text: string): unknown {
  if (countValues(text) > MAX_VALUES) throw tooManyValues();
  const json = withoutNonFinite(text);
  try {
    return JSON.parse(json);
  } catch {
    throw new ReasonError(
      "it is not valid JSON: it is half-written or broken, and is read again when it changes",
    );
  }
}

const [COMMA, BRACKET, BRACE] = Array.from(
  ",[{",
  (character) => character.charCodeAt(0),
);

/** Counts what begins a value in a list or an object. Commas and brackets in
 * strings count too, as there are hardly so many. */
function countValues(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    // Codes, as `text[at]` would create a string for each.
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE) count++;
  }
  return count;
}

const NON_FINITE_OR_STRING = /"(?:[^"\\]|\\[^])*"?|\bNaN\b|-?\bInfinity\b/g;

/** Replaces Python's `NaN` and `Infinity` outside of strings by null. */
function withoutNonFinite(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const parts: string[] = [];
  let end = 0;
  NON_FINITE_OR_STRING.lastIndex = 0;
  // Neither `replace`, which finds all matches before it handles the first, nor
  // `matchAll`, which copies the expression and then may interpret it slowly.
  for (
    let match;
    (match = NON_FINITE_OR_STRING.exec(text)) !== null;
  ) {
    if (match[0].startsWith('"')) continue;
    // Without commas in between they are not counted as values.
    if (parts.length > MAX_VALUES) throw tooManyValues();
    parts.push(text.slice(end, match.index));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].join("null");
}

function tooManyValues(): ReasonError {
  return new ReasonError(
    `it holds more than ${MAX_VALUES} values: keep it small`,
  );
}

/** Frozen, so that others can keep it without a copy. */
function bounded(value: unknown, depth: number): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return TOO_DEEP;
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item) => bounded(item, depth - 1)));
  }
  return Object.freeze(Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, bounded(item, depth - 1)]),
  ));
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
