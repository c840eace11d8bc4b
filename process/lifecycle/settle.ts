/**
 * Waits for all of them, also when some fail.
 *
 * @returns What they gave, in their order.
 * @throws {AggregateError} If any went wrong; its message has a line for each.
 */
export async function settleAll<T>(promises: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? result.reason : []
  );
  if (errors.length > 0) {
    const messages = errors.map((error) =>
      error instanceof Error ? error.message : String(error)
    );
    throw new AggregateError(errors, messages.join("\n"));
  }
  return results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : []
  );
}
