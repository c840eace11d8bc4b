/** Handles the keys of a table, following the ARIA grid pattern. */

import type { RowId } from "../../../widget/dashboard/traits.ts";
import type { ActiveCell } from "./active_cell.ts";
import type { ColumnId } from "./columns.ts";
import { type Cell, cellAt, widgetOf, widgetsIn } from "./focus.ts";
import type { TableLayout } from "./layout.ts";
import { moveBy } from "./navigation.ts";

/** What keys act on. */
export interface Keyboard {
  readonly active: ActiveCell;
  readonly layout: TableLayout;
  readonly columns: readonly ColumnId[];
  /** How many rows a page has. */
  readonly page: number;
  readonly isSelected: (id: RowId) => boolean;
  readonly onMove: (to: Cell) => void;
  readonly onExpand: (id: RowId) => void;
  readonly onSelect: (id: RowId, range: boolean) => void;
  readonly onSelectAll: () => void;
  readonly onEscape: () => void;
}

/** Handles a key that was pressed in a table. */
export function handleKey(event: KeyboardEvent, keyboard: Keyboard): void {
  if (event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  const cell = target.closest<HTMLElement>("[data-column]");
  if (!cell) return;
  const isHandled = target === widgetOf(cell)
    ? move(event, keyboard) || act(event, cell, keyboard)
    : handleInWidget(event, cell, target);
  if (isHandled) event.preventDefault();
}

/** Moves the focus to another cell; with Shift, selects the rows up to it. */
function move(event: KeyboardEvent, keyboard: Keyboard): boolean {
  const { active: { cell, place }, layout, columns, page } = keyboard;
  const next = moveBy(event, place, {
    lines: layout.lines + 1,
    columns: columns.length,
    page,
  });
  if (!next) return false;
  const reached = cellAt(next, layout, columns);
  keyboard.onMove(reached);
  if (event.shiftKey && next.line !== place.line && reached.row !== null) {
    if (cell.row !== null && !keyboard.isSelected(cell.row)) {
      keyboard.onSelect(cell.row, false);
    }
    keyboard.onSelect(reached.row, true);
  }
  return true;
}

/** Acts on the cell with the focus. */
function act(
  event: KeyboardEvent,
  element: HTMLElement,
  keyboard: Keyboard,
): boolean {
  const { row, column } = keyboard.active.cell;
  switch (event.key) {
    case "Escape":
      keyboard.onEscape();
      return true;
    case "a":
      if (!event.ctrlKey && !event.metaKey) return false;
      keyboard.onSelectAll();
      return true;
    case " ":
      // A button or checkbox takes it as a click.
      if (row === null || column === "select") return false;
      keyboard.onSelect(row, event.shiftKey);
      return true;
    case "F2":
      return enter(element);
    case "Enter":
      if (row === null || column === "expand") return false;
      if (column === "actions" || column === "detail") return enter(element);
      if (column === "select") keyboard.onSelect(row, event.shiftKey);
      else keyboard.onExpand(row);
      return true;
    default:
      return false;
  }
}

/** Focuses the first widget within a cell; returns whether there is one. */
function enter(cell: HTMLElement): boolean {
  const [first] = widgetsIn(cell);
  first?.focus();
  return first !== undefined;
}

/** Handles a key while a widget within a cell has the focus. */
function handleInWidget(
  event: KeyboardEvent,
  cell: HTMLElement,
  widget: HTMLElement,
): boolean {
  if (event.key === "Escape") {
    widgetOf(cell).focus({ preventScroll: true });
    return true;
  }
  if (cell.dataset.column !== "actions") return false;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by === undefined) return false;
  const widgets = widgetsIn(cell);
  const next = widgets.indexOf(widget) + by;
  widgets.at(next % widgets.length)?.focus();
  return true;
}
