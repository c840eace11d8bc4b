/** One row of the table: what something costs, and the least it could cost. */
export interface Row {
  /** What is measured. */
  readonly figure: string;
  /** The unit of `floor` and `ours`, as in "µs". */
  readonly unit: string;
  /** What the row is compared with, measured in the same run. */
  readonly floor: number;
  /** What this project takes. */
  readonly ours: number;
  /**
   * Maximum of `ours / floor`; null if the row is only for information. Where a
   * goal is absolute, it is the goal divided by the floor of this run.
   */
  readonly limit: number | null;
}

/** One or more rows of the table, measured in a separate program. */
export interface Figure {
  /** Its name on the command line. */
  readonly name: string;
  /** What it needs beside Deno. */
  readonly needs?: readonly ("python" | "browser")[];
  /** Measures it; it may take up to a few minutes. */
  measure(): Promise<Row[]>;
}

/** Returns how many times the floor a row takes. */
export function ratioOf({ floor, ours }: Row): number {
  return ours / floor;
}

/** Returns whether a row exceeds its limit. */
export function exceedsLimit(row: Row): boolean {
  // A figure that could not be measured is NaN, and passes no limit.
  return row.limit !== null && !(ratioOf(row) <= row.limit);
}
