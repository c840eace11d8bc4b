/** Computes where the rows of a log are, without measuring the page. */

import type { Row } from "../terminal/row.ts";
import { SCREEN_ROWS } from "../terminal/terminal.ts";
import type { Rows } from "./log_store.ts";

/** Height of a line in pixels: an integer, so that positions do not drift. */
export const LINE_HEIGHT = 18;

/** Scrolled to within this many pixels of the end, a log follows its end. */
const NEAR_END = 5;

/** Where rows are, in pixels below the top of the first one. */
export interface Layout {
  readonly rows: Rows;
  /** Height of all rows. */
  readonly height: number;
  /** Width of the widest row, in columns. */
  readonly columns: number;
  /** Returns the top of the row at an index. */
  topOf(index: number): number;
  /** Returns the index of the row at a height, clamped to the rows. */
  indexAt(y: number): number;
}

/** Heights measured in the page, of rows whose height cannot be computed. */
export type MeasuredHeights = WeakMap<Row, number>;

/** Lays out each row as one line. */
export function unwrappedLayout(rows: Rows): Layout {
  const { list } = rows;
  const lastIndex = Math.max(list.length - 1, 0);
  return {
    rows,
    height: list.length * LINE_HEIGHT,
    columns: list.reduce((max, row) => Math.max(max, row.columns), 0),
    topOf: (index) => index * LINE_HEIGHT,
    indexAt: (y) =>
      Math.min(Math.max(Math.floor(y / LINE_HEIGHT), 0), lastIndex),
  };
}

/** A layout of wrapped rows. */
export interface WrappedLayout extends Layout {
  /** The top of each row, and the bottom of the last one. */
  readonly tops: Uint32Array;
}

/**
 * Lays out rows that wrap after `columns` columns.
 *
 * @param previous A layout with the same columns and measured heights, whose
 * positions are reused for rows that the terminal can no longer rewrite.
 */
export function wrappedLayout(
  rows: Rows,
  columns: number,
  measured: MeasuredHeights,
  previous: WrappedLayout | null,
): WrappedLayout {
  const { list } = rows;
  const tops = new Uint32Array(list.length + 1);
  const reused = previous ? reuse(tops, rows, previous) : 0;
  for (let i = reused; i < list.length; i++) {
    const row = list[i];
    const lines = Math.max(1, Math.ceil(row.columns / columns));
    const height = row.simple ? undefined : measured.get(row);
    tops[i + 1] = tops[i] + (height ?? lines * LINE_HEIGHT);
  }
  return {
    rows,
    tops,
    height: tops[list.length],
    columns,
    topOf: (index) => tops[index],
    indexAt(y) {
      let low = 0;
      let high = Math.max(list.length - 1, 0);
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (tops[middle] <= y) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** Copies the tops of rows that cannot have changed and returns their number. */
function reuse(
  tops: Uint32Array,
  rows: Rows,
  previous: WrappedLayout,
): number {
  const dropped = rows.first - previous.rows.first;
  const unchanged = previous.rows.list.length - dropped - SCREEN_ROWS;
  const count = Math.min(unchanged, rows.list.length);
  if (dropped < 0 || count <= 0) return 0;
  const shift = previous.tops[dropped];
  for (let i = 0; i <= count; i++) tops[i] = previous.tops[i + dropped] - shift;
  return count;
}

/** A reader's position in a log: a row at an edge or in the middle of the pane. */
export interface Position {
  /** Number of the row. */
  readonly row: number;
  readonly at: "top" | "middle" | "bottom";
  /** How many pixels of the row are beyond that edge. */
  readonly offset: number;
}

/** Returns whether a pane of this height, scrolled to `top`, shows the end. */
export function isAtEnd(layout: Layout, top: number, height: number): boolean {
  return layout.height - height - top <= NEAR_END;
}

/** Returns the position at the top edge of a pane that is scrolled to `top`. */
export function positionAt(layout: Layout, top: number): Position {
  const index = layout.indexAt(top);
  const row = layout.rows.first + index;
  return { row, at: "top", offset: top - layout.topOf(index) };
}

/** Returns where a pane must scroll to for a position: 0 if its row was dropped. */
export function scrollTopFor(
  layout: Layout,
  { row, at, offset }: Position,
  height: number,
): number {
  const index = row - layout.rows.first;
  if (index < 0) return 0;
  const top = layout.topOf(Math.min(index, layout.rows.list.length));
  const above = { top: 0, middle: (height - LINE_HEIGHT) / 2, bottom: height };
  const max = Math.max(0, layout.height - height);
  return Math.min(Math.max(0, top + offset - above[at]), max);
}
