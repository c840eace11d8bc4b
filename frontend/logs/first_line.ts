/** Numbers for the lines of a window that slides over a growing log. */

import { useRef } from "preact/hooks";
import { droppedLines } from "./dropped_lines.ts";

/**
 * The running number of the first line. A line keeps its number from one
 * rendering to the next, and with it, as its key, its element: a selection in
 * it survives.
 */
export function useFirstLine(lines: readonly string[]): number {
  const last = useRef({ lines, first: 0 });
  const before = last.current;
  if (before.lines !== lines) {
    const first = before.first + droppedLines(before.lines, lines);
    last.current = { lines, first };
  }
  return last.current.first;
}
