/** One row of the table. */

import { ROW_CONTROLS } from "../data/selection.ts";
import type { Palette } from "../../theme.ts";
import { Icon } from "../../icon.tsx";
import { CONTROL_TEXTS } from "../control_texts.tsx";
import type { Entry } from "../data/entries.ts";
import { offers } from "../data/selection.ts";
import { Glyph } from "../glyph.tsx";
import { memo } from "../memo.ts";
import { CELLS } from "./cells.tsx";
import type { Arrangement, ColumnId } from "./columns.ts";

export interface RowProps {
  readonly entry: Entry;
  readonly arrangement: Arrangement;
  readonly palette: Palette;
  /** Its number among all rows, counted from 1. */
  readonly rowIndex: number;
  readonly selected: boolean;
  readonly expanded: boolean;
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
    >
      {arrangement.columns.map((column, index) => {
        const isWidget = column === "select" || column === "expand";
        const tabIndex = column === focusable ? 0 : -1;
        return (
          <div
            key={column}
            class="pd-cell"
            role={column === "name" ? "rowheader" : "gridcell"}
            aria-colindex={index + 1}
            data-column={column}
            tabIndex={isWidget ? undefined : tabIndex}
          >
            <Content {...props} column={column} tabIndex={tabIndex} />
          </div>
        );
      })}
    </div>
  );
});

interface ContentProps extends RowProps {
  readonly column: ColumnId;
  readonly tabIndex: number;
}

function Content(props: ContentProps) {
  const { column, entry, tabIndex } = props;
  const { name } = entry.row;
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
        >
          <Glyph name="chevron" />
        </button>
      );
    case "actions":
      return <RowActions entry={entry} disabled={props.sending} />;
    default: {
      const Cell = CELLS[column];
      return (
        <Cell
          entry={entry}
          palette={props.palette}
          arrangement={props.arrangement}
        />
      );
    }
  }
}

interface RowActionsProps {
  readonly entry: Entry;
  readonly disabled: boolean;
}

function RowActions({ entry, disabled }: RowActionsProps) {
  return (
    <span class="pd-actions">
      {ROW_CONTROLS.filter((control) => offers(entry, control)).map(
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
              aria-disabled={disabled}
            >
              {icon === "remove"
                ? <Glyph name="remove" />
                : <Icon name={icon} />}
            </button>
          );
        },
      )}
    </span>
  );
}
