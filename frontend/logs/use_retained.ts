/** Rows as a reader sees them, who may be holding on to them. */

import { useRef } from "preact/hooks";
import { retain, type Rows } from "./rows.ts";

/** How many rows a view keeps at most: twice what a log has. */
const LIMIT = 20_000;

/** The rows of a log, with those that left it while the reader holds on. */
export function useRetained(rows: Rows, holding: boolean): Rows {
  const last = useRef({ rows, holding, shown: rows });
  const before = last.current;
  if (before.rows !== rows || before.holding !== holding) {
    const shown = holding ? retain(before.shown, rows, LIMIT) : rows;
    last.current = { rows, holding, shown };
  }
  return last.current.shown;
}
