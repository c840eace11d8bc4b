/** One row of the table. */

import type { ComponentChildren } from "preact";
import { Icon } from "../../icon.tsx";
import type { Palette } from "../../theme.ts";
import { CONTROL_TEXTS } from "../control_texts.tsx";
import type { Entry } from "../data/entries.ts";
import { offers, ROW_CONTROLS } from "../data/selection.ts";
import { Glyph } from "../glyph.tsx";
import { memo } from "../memo.ts";
import { type CellContent, CELLS } from "./cells.tsx";
import type { Arrangement, ColumnId } from "./columns.ts";

export interface RowProps {
  readonly entry: Entry;
  readonly arrangement: Arrangement;
  readonly palette: Palette;
  /** The time up to which curves are drawn, in epoch seconds. */
  readonly now: number;
  /** Its number among all rows, counted from 1. */
  readonly rowIndex: number;
  /** Where it is, in pixels below the top of the first row. */
  readonly top: number;
  readonly selected: boolean;
  readonly expanded: boolean;
  /** Whether it has buttons for what can be requested. */
  readonly hasButtons: boolean;
  /** Whether a request for it is on its way. */
  readonly sending: boolean;
  /** Whether it is pointed out to the reader. */
  readonly revealed: boolean;
  /** The column whose cell can be focused, or null. */
  readonly focusable: ColumnId | null;
}

/** Handlers are attached to the table: `data-do` says what a click does. */
export const RowView = memo((props: RowProps) => {
  const { entry, arrangement, selected, expanded, focusable } = props;
  const { id, row } = entry;
  return (
    <div
      class="pd-row"
      role="row"
      aria-rowindex={props.rowIndex}
      aria-selected={selected}
      data-row={id}
      data-status={row.status}
      data-expanded={expanded}
      data-revealed={props.revealed}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      {arrangement.columns.map((column, index) => {
        const tabIndex = column === focusable ? 0 : -1;
        const widget = widgetIn(column, tabIndex, props);
        const cell: CellContent = widget
          ? { content: widget }
          : CELLS[column as keyof typeof CELLS](props);
        return (
          <div
            key={column}
            class="pd-cell"
            role={column === "name" ? "rowheader" : "gridcell"}
            aria-colindex={index + 1}
            data-column={column}
            data-kind={cell.kind}
            title={cell.title}
            tabIndex={column === "select" || column === "expand"
              ? undefined
              : tabIndex}
          >
            {cell.content}
          </div>
        );
      })}
    </div>
  );
});

/** Returns what a column contains that acts on the row; null for one of values. */
function widgetIn(
  column: ColumnId,
  tabIndex: number,
  props: RowProps,
): ComponentChildren {
  const { name } = props.entry.row;
  switch (column) {
    case "select":
      return (
        <input
          type="checkbox"
          class="pd-check"
          data-do="select"
          data-focus
          checked={props.selected}
          tabIndex={tabIndex}
          aria-label={`Select ${name}`}
        />
      );
    case "expand":
      return (
        <button
          type="button"
          class="pd-expand"
          data-do="expand"
          data-focus
          tabIndex={tabIndex}
          aria-expanded={props.expanded}
          aria-label={`Details of ${name}`}
        />
      );
    case "actions":
      return props.hasButtons ? buttonsIn(props) : [];
    default:
      return null;
  }
}

function buttonsIn({ entry, sending }: RowProps): ComponentChildren {
  return ROW_CONTROLS.filter((control) => offers(entry, control)).map(
    (control) => {
      const { icon, verb } = CONTROL_TEXTS[control];
      const label = `${verb} ${entry.row.name}`;
      return (
        <button
          key={control}
          type="button"
          class="pw-icon-button"
          data-do={control}
          tabIndex={-1}
          aria-label={label}
          title={label}
          aria-disabled={sending}
        >
          {icon === "remove" ? <Glyph name="remove" /> : <Icon name={icon} />}
        </button>
      );
    },
  );
}
