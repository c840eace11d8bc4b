/** What a look at something on disk gave, and the words for why it gave nothing. */

/** The outcome of one look: the last good value, and what is wrong now. */
export interface Reading<T> {
  /** The value as last seen whole. */
  readonly value: T;
  /** Why it could not be read this time, as one sentence; null when it could. */
  readonly error: string | null;
}

/**
 * Why something cannot be used. Its message is the clause after "as" in
 * "Cannot read '/x' as …", ideally with a way out after a colon.
 */
export class ReasonError extends Error {
  /** The name of the error. */
  override name = "ReasonError";
}

/** The sentence for a failure to read `path`. */
export function explain(path: string, error: unknown): string {
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
  const text = error instanceof Error ? error.message : String(error);
  return `the system refuses: ${text}`;
}
