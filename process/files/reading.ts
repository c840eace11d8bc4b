/** The result of reading something from disk, and the wording of failures. */

/** The result of one read: the last good value, and the current failure. */
export interface Reading<T> {
  /** The value of the last successful read. */
  readonly value: T;
  /** Why this read failed, as one sentence; null if it succeeded. */
  readonly error: string | null;
}

/**
 * An error whose message is a bare reason, so that each caller can put it into
 * its own sentence.
 *
 * The message completes "Cannot read '/x' as …" and, where possible, ends with a
 * way out after a colon.
 */
export class ReasonError extends Error {
  /** The name of the error. */
  override name = "ReasonError";
}

/** Returns the sentence that reports a failure to read `path`. */
export function describeReadFailure(path: string, error: unknown): string {
  return `Cannot read '${path}' as ${reasonOf(error)}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof ReasonError) return error.message;
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission is denied: let this user read it";
  }
  if (error instanceof Deno.errors.NotADirectory) {
    return "a part of its path is a file: name another path";
  }
  if (error instanceof Error && "code" in error && error.code === "ELOOP") {
    return "its symbolic links form a loop: correct them";
  }
  const text = error instanceof Error ? error.message : String(error);
  return `the system reports: ${text}`;
}
