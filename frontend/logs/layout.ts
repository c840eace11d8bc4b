/** Where each row of a pane is, without asking the page. */

import type { Row } from "../terminal/row.ts";
import { SCREEN_ROWS } from "../terminal/terminal.ts";
import type { Rows } from "./rows.ts";

/** The height of a line in pixels: whole, so that positions do not drift. */
export const LINE_HEIGHT = 18;

/** Where rows are, in pixels below the first. */
export interface Layout {
  readonly rows: Rows;
  /** The height of all rows. */
  readonly height: number;
  /** How many columns the longest row takes. */
  readonly columns: number;
  /** Where the row at an index starts. */
  topOf(index: number): number;
  /** The index of the row at a height. */
  indexAt(y: number): number;
}

/** Heights found in the page, for rows that are not simple. */
export type MeasuredHeights = WeakMap<Row, number>;

/** Rows in one line each, as wide as they are. */
export function unwrappedLayout(rows: Rows): Layout {
  const { list } = rows;
  return {
    rows,
    height: list.length * LINE_HEIGHT,
    columns: list.reduce((most, row) => Math.max(most, row.columns), 0),
    topOf: (index) => index * LINE_HEIGHT,
    indexAt: (y) => clampIndex(Math.floor(y / LINE_HEIGHT), list.length),
  };
}

/** Where rows start that are broken after so many columns. */
export interface WrappedLayout extends Layout {
  readonly tops: Uint32Array;
}

/**
 * Rows broken after so many columns.
 *
 * @param before The layout that this one follows on, where nothing but the rows
 * is different: what is above the screen of the terminal is taken from it.
 */
export function wrappedLayout(
  rows: Rows,
  columns: number,
  measured: MeasuredHeights,
  before: WrappedLayout | null,
): WrappedLayout {
  const { list } = rows;
  const tops = new Uint32Array(list.length + 1);
  for (let i = before ? reuse(tops, rows, before) : 0; i < list.length; i++) {
    const row = list[i];
    const lines = row.columns > columns ? Math.ceil(row.columns / columns) : 1;
    const known = row.simple ? undefined : measured.get(row);
    tops[i + 1] = tops[i] + (known ?? lines * LINE_HEIGHT);
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

/** Takes over the tops of rows that cannot have changed; returns how many. */
function reuse(tops: Uint32Array, rows: Rows, before: WrappedLayout): number {
  const gone = rows.first - before.rows.first;
  const stayed = before.rows.list.length - gone - SCREEN_ROWS;
  const count = Math.min(stayed, rows.list.length);
  if (gone < 0 || count <= 0) return 0;
  const shift = before.tops[gone];
  for (let i = 0; i <= count; i++) tops[i] = before.tops[i + gone] - shift;
  return count;
}

function clampIndex(index: number, length: number): number {
  return Math.min(Math.max(index, 0), Math.max(length - 1, 0));
}
