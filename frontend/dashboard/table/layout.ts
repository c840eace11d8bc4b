/** Where the rows of a table are, of which only those in sight are drawn. */

import type { RowId } from "../../../widget/dashboard/traits.ts";

/** The heights of expanded rows, without the rows themselves, in pixels. */
export type DetailHeights = ReadonlyMap<RowId, number>;

/** Height of an expanded row until it has been measured, in pixels. */
const USUAL_DETAIL = 420;

/**
 * The positions of rows, in pixels below the first one's top. Each row counts as
 * a line, and its details as another one, as assistive technologies count them.
 */
export class TableLayout {
  readonly ids: readonly RowId[];
  readonly rowHeight: number;
  readonly #expanded: ReadonlySet<RowId>;
  readonly #tops: Float64Array;
  readonly #lines: Int32Array;
  #indexes: Map<RowId, number> | undefined;

  constructor(
    ids: readonly RowId[],
    expanded: ReadonlySet<RowId>,
    details: DetailHeights,
    rowHeight: number,
  ) {
    this.ids = ids;
    this.rowHeight = rowHeight;
    this.#expanded = expanded;
    this.#tops = new Float64Array(ids.length + 1);
    this.#lines = new Int32Array(ids.length + 1);
    for (const [index, id] of ids.entries()) {
      const isExpanded = expanded.has(id);
      const detail = isExpanded ? details.get(id) ?? USUAL_DETAIL : 0;
      this.#tops[index + 1] = this.#tops[index] + rowHeight + detail;
      this.#lines[index + 1] = this.#lines[index] + (isExpanded ? 2 : 1);
    }
  }

  /** Returns whether another layout has the same rows at the same places. */
  equals(other: TableLayout): boolean {
    return this.rowHeight === other.rowHeight &&
      this.ids.length === other.ids.length &&
      this.ids.every((id, index) =>
        id === other.ids[index] &&
        this.topOf(index + 1) === other.topOf(index + 1)
      );
  }

  /** Height of all rows. */
  get height(): number {
    return this.#tops[this.ids.length];
  }

  /** Number of all lines. */
  get lines(): number {
    return this.#lines[this.ids.length];
  }

  /** Returns whether the row at an index is expanded. */
  isExpanded(index: number): boolean {
    return this.#expanded.has(this.ids[index]);
  }

  /** Returns the top of the row at an index; that after the last is allowed. */
  topOf(index: number): number {
    return this.#tops[index];
  }

  /** Returns the line of the row at an index, counted from 0. */
  lineOf(index: number): number {
    return this.#lines[index];
  }

  /** Returns the index of a row, or -1 if it is not shown. */
  indexOf(id: RowId): number {
    this.#indexes ??= new Map(this.ids.map((id, index) => [id, index]));
    return this.#indexes.get(id) ?? -1;
  }

  /** Returns the index of the row at a height, clamped to the rows. */
  indexAt(y: number): number {
    return lastUpTo(this.#tops, this.ids.length, y);
  }

  /** Returns the index of the row with a line, clamped to the rows. */
  indexOfLine(line: number): number {
    return lastUpTo(this.#lines, this.ids.length, line);
  }
}

/** Returns the last of `count` indexes whose value is at most `value`, or 0. */
function lastUpTo(
  values: Float64Array | Int32Array,
  count: number,
  value: number,
): number {
  let low = 0;
  let high = Math.max(count - 1, 0);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Indexes of the first row and of the one after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Returns the rows in sight of a table of this height that is scrolled to `top`,
 * and those up to `margin` pixels away. */
export function rangeInSight(
  layout: TableLayout,
  top: number,
  height: number,
  margin: number,
): Range {
  if (layout.ids.length === 0) return { start: 0, end: 0 };
  return {
    start: layout.indexAt(top - margin),
    end: layout.indexAt(top + height + margin - 1) + 1,
  };
}

/**
 * Returns where a table must scroll to after its rows changed. If rows were added,
 * removed or resized, the row at the top stays in place; if the rows have another
 * order, the table does. At its top, a table shows what is added there.
 *
 * @param top How far the table is scrolled.
 */
export function keepPosition(
  before: TableLayout,
  after: TableLayout,
  top: number,
): number {
  if (top <= 0) return 0;
  const atTop = before.indexAt(top);
  let index = atTop;
  while (
    index < before.ids.length && after.indexOf(before.ids[index]) === -1
  ) index++;
  if (index === before.ids.length) return Math.min(top, after.height);
  const next = after.indexOf(before.ids[index]);
  const survivors = (ids: readonly RowId[], layout: TableLayout) =>
    ids.reduce((count, id) => count + Number(layout.indexOf(id) !== -1), 0);
  const isReordered = survivors(before.ids.slice(0, index), after) !==
    survivors(after.ids.slice(0, next), before);
  if (isReordered) return top;
  const offset = index === atTop ? top - before.topOf(index) : 0;
  const height = after.topOf(next + 1) - after.topOf(next);
  return after.topOf(next) + (offset < height ? offset : 0);
}

/** Returns where a table of this height must scroll to so that an area is in
 * sight: no further than necessary. */
export function scrollTo(
  area: { readonly top: number; readonly bottom: number },
  top: number,
  height: number,
): number {
  if (area.top < top || area.bottom - area.top > height) return area.top;
  return Math.max(top, area.bottom - height);
}
