/** Draws rows that change in several frames, so that each frame is in time. */

import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import type { RowId } from "../../../widget/dashboard/traits.ts";
import type { Entries, Entry } from "../data/entries.ts";
import type { Range, TableLayout } from "./layout.ts";

/** How many rows change in one frame: half of a frame's 16 ms on a slow machine. */
const ROWS_PER_FRAME = 5;

/** Which rows are to be drawn. */
export interface StageOptions {
  readonly rows: Entries;
  readonly layout: TableLayout;
  /** The rows in sight, which are drawn first. */
  readonly inSight: Range;
  /** The rows to draw. */
  readonly range: Range;
  /** The row with the focus, which is always drawn, or null. */
  readonly focused: RowId | null;
}

/**
 * Returns the rows to draw. When many change at once, as when they are sorted by
 * another column, some of them stay as they are for a frame or two.
 *
 * @param draw Draws the row at an index.
 */
export function useStages<T>(
  draw: (index: number) => T,
  { rows, layout, inSight, range, focused }: StageOptions,
): T[] {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  const last = useRef(new Map<number, { entry: Entry; drawn: T }>());
  const indexes = indexesIn(range, layout, focused);
  // Expanded rows are drawn along with their details, which must not show twice.
  const isStaged = !indexes.some((index) => layout.isExpanded(index));
  const isFirst = (index: number) =>
    index >= inSight.start && index < inSight.end ||
    rows[index].id === focused;
  const order = indexes.filter(isFirst)
    .concat(indexes.filter((index) => !isFirst(index)));
  const next: typeof last.current = new Map();
  let changed = 0;
  let isComplete = true;
  for (const index of order) {
    const entry = rows[index];
    const before = last.current.get(index);
    const isChanged = before !== undefined && before.entry !== entry;
    if (isChanged && isStaged && ++changed > ROWS_PER_FRAME) {
      next.set(index, before);
      isComplete = false;
    } else next.set(index, { entry, drawn: draw(index) });
  }
  last.current = next;
  useLayoutEffect(() => {
    if (isComplete) return;
    const request = requestAnimationFrame(() => rerender(0));
    return () => cancelAnimationFrame(request);
  });
  return indexes.map((index) => next.get(index)!.drawn);
}

/** Returns the indexes of the rows to draw, and of that with the focus. */
function indexesIn(
  { start, end }: Range,
  layout: TableLayout,
  focused: RowId | null,
): number[] {
  const indexes = Array.from({ length: end - start }, (_, at) => start + at);
  const index = focused === null ? -1 : layout.indexOf(focused);
  if (index === -1 || index >= start && index < end) return indexes;
  return index < start ? [index, ...indexes] : [...indexes, index];
}
