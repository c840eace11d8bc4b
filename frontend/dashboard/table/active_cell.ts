/** Keeps track of the cell that can be focused, and of the focus. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ColumnId } from "./columns.ts";
import { type Cell, cellAt, cellOf, focusTarget, placeOf } from "./focus.ts";
import type { TableLayout } from "./layout.ts";
import type { Place } from "./navigation.ts";

/** The only cell of a table that can be reached with Tab. */
export interface ActiveCell {
  readonly cell: Cell;
  /** Where it is now. */
  readonly place: Place;
  /** Makes a cell the active one, as it has got the focus. */
  readonly set: (cell: Cell) => void;
  /** Moves the focus to a cell as soon as that is drawn. */
  readonly focus: (cell: Cell) => void;
}

/** Keeps a cell active, and the focus in it, while rows move, come and go. */
export function useActiveCell(
  grid: RefObject<HTMLElement | null>,
  layout: TableLayout,
  columns: readonly ColumnId[],
): ActiveCell {
  const [active, set] = useState<Cell>({ row: null, column: "name" });
  const lastLine = useRef(0);
  const hasLeft = active.row !== null && layout.indexOf(active.row) === -1;
  const { line, column } = placeOf(active, layout, columns);
  // Another row takes the place of one that has left.
  const place = {
    line: hasLeft ? Math.min(lastLine.current, layout.lines) : line,
    column,
  };
  lastLine.current = place.line;
  const cell = cellAt(place, layout, columns);

  const isMoving = useRef(false);
  const hadFocus = grid.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const { activeElement } = document;
    // The page takes the focus from a row that leaves, and an element with the
    // focus may show another row now.
    const isThere = grid.current!.contains(activeElement) &&
      cellOf(activeElement!)?.row === cell.row;
    if (!isMoving.current && (isThere || !hadFocus)) return;
    isMoving.current = false;
    focusTarget(grid.current!, cell)?.focus({ preventScroll: true });
  });
  return {
    cell,
    place,
    set,
    focus(cell) {
      isMoving.current = true;
      set(cell);
    },
  };
}
