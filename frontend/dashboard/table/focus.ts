/** The cell of the table that can be focused. */

import type { RowId } from "../../../widget/dashboard/traits.ts";
import type { ColumnId } from "./columns.ts";
import type { TableLayout } from "./layout.ts";
import type { Place } from "./navigation.ts";

/** A cell, which stays the same while rows and columns come and go. */
export interface Cell {
  /** The row, or null for the header. */
  readonly row: RowId | null;
  /** The column; "detail" for the cell with the details of the row. */
  readonly column: ColumnId | "detail";
}

/** Returns where a cell is: in the first row if its own has left. */
export function placeOf(
  { row, column }: Cell,
  layout: TableLayout,
  columns: readonly ColumnId[],
): Place {
  const index = row === null ? -1 : layout.indexOf(row);
  const isDetail = column === "detail" && index !== -1 &&
    layout.isExpanded(index);
  const at = columns.indexOf(column as ColumnId);
  return {
    line: index === -1 ? 0 : layout.lineOf(index) + 1 + Number(isDetail),
    column: at === -1 ? columns.indexOf("name") : at,
  };
}

/** Returns the cell at a place. */
export function cellAt(
  { line, column }: Place,
  layout: TableLayout,
  columns: readonly ColumnId[],
): Cell {
  if (line === 0) return { row: null, column: columns[column] };
  const index = layout.indexOfLine(line - 1);
  const isDetail = layout.lineOf(index) < line - 1;
  return {
    row: layout.ids[index],
    column: isDetail ? "detail" : columns[column],
  };
}

/** Returns the element of a cell that takes the focus: its only widget, or itself. */
export function focusTarget(
  grid: Element,
  { row, column }: Cell,
): HTMLElement | null {
  const line = row === null
    ? grid.querySelector("[data-header]")
    : grid.querySelector(
      `[data-${column === "detail" ? "detail" : "row"}="${CSS.escape(row)}"]`,
    );
  const cell = line?.querySelector<HTMLElement>(`[data-column="${column}"]`);
  return cell ? widgetOf(cell) : null;
}

/** Returns what takes the focus in a cell. */
export function widgetOf(cell: HTMLElement): HTMLElement {
  return cell.querySelector<HTMLElement>("[data-focus]") ?? cell;
}

/** Returns the cell that an element is in, or null. */
export function cellOf(element: Element): Cell | null {
  const cell = element.closest<HTMLElement>("[data-column]");
  if (!cell) return null;
  const column = cell.dataset.column as Cell["column"];
  const line = cell.closest<HTMLElement>("[data-row], [data-detail]");
  return { row: line?.dataset.row ?? line?.dataset.detail ?? null, column };
}

/** Returns the elements of a cell that can be operated. */
export function widgetsIn(cell: Element): HTMLElement[] {
  const widgets = cell.querySelectorAll<HTMLElement>(
    "button, a, input, select, textarea, summary, [tabindex]",
  );
  return [...widgets].filter((widget) =>
    !widget.matches(":disabled, [data-focus]") && widget.offsetParent !== null
  );
}
