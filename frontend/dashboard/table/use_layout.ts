/** Lays out the rows of a table, again when the height of an expanded one changes. */

import { useMemo, useReducer, useRef } from "preact/hooks";
import type { RowId } from "../../../widget/dashboard/traits.ts";
import type { Entries } from "../data/entries.ts";
import { TableLayout } from "./layout.ts";

/** A layout, which stays the same object while its rows are at the same places. */
export interface MeasuredLayout {
  readonly layout: TableLayout;
  /** Sets the height of the details of a row, in pixels. */
  readonly setHeight: (id: RowId, height: number) => void;
}

/** Returns where rows are. */
export function useLayout(
  rows: Entries,
  expanded: readonly RowId[],
  rowHeight: number,
): MeasuredLayout {
  const heights = useRef(new Map<RowId, number>()).current;
  const [version, remeasure] = useReducer((count: number) => count + 1, 0);
  const last = useRef<TableLayout | null>(null);
  const layout = useMemo(() => {
    const ids = rows.map(({ id }) => id);
    const set = new Set(expanded);
    const next = new TableLayout(ids, set, heights, rowHeight);
    return last.current?.equals(next) ? last.current : next;
  }, [rows, expanded, rowHeight, version]);
  last.current = layout;
  const setHeight = useRef((id: RowId, height: number) => {
    if (heights.get(id) === height) return;
    heights.set(id, height);
    remeasure(0);
  }).current;
  return { layout, setHeight };
}
