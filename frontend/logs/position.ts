/** Where a reader is in a log, told by what they read and not by pixels. */

import { type Layout, LINE_HEIGHT } from "./layout.ts";

/** A row at an edge of the pane, or in its middle. */
export interface Position {
  readonly row: number;
  readonly at: "top" | "middle" | "bottom";
  /** How many pixels of the row are beyond that edge. */
  readonly offset: number;
}

/** A reader this close to the end, in pixels, follows it. */
const NEAR_END = 5;

/** Whether a pane of this height, scrolled to `top`, shows the end. */
export function isAtEnd(layout: Layout, top: number, height: number): boolean {
  return layout.height - height - top <= NEAR_END;
}

/** What is at the upper edge of a pane that is scrolled to `top`. */
export function positionAt(layout: Layout, top: number): Position {
  const index = layout.indexAt(top);
  const row = layout.rows.first + index;
  return { row, at: "top", offset: top - layout.topOf(index) };
}

/** Where to scroll to for a position; to the top if its row is gone. */
export function topOf(
  layout: Layout,
  { row, at, offset }: Position,
  height: number,
): number {
  const index = row - layout.rows.first;
  if (index < 0) return 0;
  const top = layout.topOf(Math.min(index, layout.rows.list.length));
  const above = { top: 0, middle: (height - LINE_HEIGHT) / 2, bottom: height };
  const bottom = Math.max(0, layout.height - height);
  return Math.min(Math.max(0, top + offset - above[at]), bottom);
}
