/** Stand-in for `@std/assert`, on `node:assert`: the functions this project uses. */
import { deepStrictEqual, notDeepStrictEqual } from "node:assert";

/** Thrown when an assertion fails. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

function withMessage(error: unknown, msg?: string): AssertionError {
  const text = error instanceof Error ? error.message : String(error);
  return new AssertionError(msg ? `${text}: ${msg}` : text);
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Throws unless `actual` deeply equals `expected`. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw withMessage(error, msg);
  }
}

/** Throws if `actual` deeply equals `expected`. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    notDeepStrictEqual(actual, expected);
  } catch (error) {
    throw withMessage(error, msg);
  }
}

/** Throws unless both are the same value, according to `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (!Object.is(actual, expected)) {
    throw withMessage("Values are not strictly equal", msg);
  }
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (!actual.includes(expected)) {
    throw withMessage(
      `Expected actual: "${actual}" to contain: "${expected}"`,
      msg,
    );
  }
}

/** Throws unless `actual` matches the pattern. */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) {
    throw withMessage(
      `Expected actual: "${actual}" to match: "${expected}"`,
      msg,
    );
  }
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function checkError<E extends Error>(
  error: unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes: string,
  msg?: string,
): E {
  if (!(error instanceof ErrorClass)) {
    throw withMessage(
      `Expected error to be instance of "${ErrorClass.name}", but was ${
        Deno.inspect(error)
      }`,
      msg,
    );
  }
  assertStringIncludes(error.message, msgIncludes, msg);
  return error;
}

/** Throws unless `fn` throws such an error; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass: ErrorClass<E> = Error as any,
  msgIncludes = "",
  msg?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes, msg);
  }
  throw withMessage("Expected function to throw", msg);
}

/** Throws unless `fn` rejects with such an error; resolves to it. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: ErrorClass<E> = Error as any,
  msgIncludes = "",
  msg?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, ErrorClass, msgIncludes, msg);
  }
  throw withMessage("Expected function to reject", msg);
}
