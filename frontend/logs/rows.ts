/** Rows of a log that keep their number while the log goes on. */

import type { Row } from "../terminal/row.ts";

/** Consecutive rows. */
export interface Rows {
  /** The number of the first of them. */
  readonly first: number;
  readonly list: readonly Row[];
}

/** No rows. */
export const NO_ROWS: Rows = { first: 0, list: [] };

/** The number behind the last row. */
export function endOf({ first, list }: Rows): number {
  return first + list.length;
}

/** The rows from a number on. */
export function rowsFrom(rows: Rows, number: number): Rows {
  if (number <= rows.first) return rows;
  return { first: number, list: rows.list.slice(number - rows.first) };
}

/**
 * What a reader sees who is not to lose what they read: rows that have left
 * the log stay, as long as there are no more than `limit` in all.
 */
export function retain(before: Rows, now: Rows, limit: number): Rows {
  const gone = now.first - before.first;
  // A gap or a step back means that it is another log, or that it was cleared.
  if (gone <= 0 || gone > before.list.length) return now;
  const spared = Math.max(0, Math.min(gone, limit - now.list.length));
  if (spared === 0) return now;
  return {
    first: now.first - spared,
    list: [...before.list.slice(gone - spared, gone), ...now.list],
  };
}
