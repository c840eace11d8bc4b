/** The header of the table, whose buttons sort it. */

import type { Sorting } from "../../../widget/dashboard/traits.ts";
import { Glyph } from "../glyph.tsx";
import { type ColumnId, sortableColumn, titleOf } from "./columns.ts";

/** Height of the header in pixels. */
export const HEADER_HEIGHT = 32;

export interface HeaderRowProps {
  readonly columns: readonly ColumnId[];
  readonly sort: Sorting;
  /** Whether the rows are not in this order while the reader points at them. */
  readonly isHeld: boolean;
  /** Whether all rows are selected. */
  readonly selected: boolean;
  /** Whether any row is selected. */
  readonly isMixed: boolean;
  readonly isEmpty: boolean;
  /** The column whose header can be focused, or null. */
  readonly focusable: ColumnId | "detail" | null;
}

export function HeaderRow(props: HeaderRowProps) {
  return (
    <div class="pd-head" role="rowgroup">
      <div class="pd-head-row" role="row" aria-rowindex={1} data-header>
        {props.columns.map((column, index) => {
          const tabIndex = column === props.focusable ? 0 : -1;
          const sortable = sortableColumn(column);
          return (
            <div
              key={column}
              class="pd-head-cell"
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={sortable ? directionOf(props.sort, column) : undefined}
              data-column={column}
              tabIndex={sortable || column === "select" ? undefined : tabIndex}
            >
              {column === "select" && (
                <input
                  ref={(box) => {
                    if (box) {
                      box.indeterminate = props.isMixed && !props.selected;
                    }
                  }}
                  type="checkbox"
                  class="pd-check"
                  data-do="select-all"
                  data-focus
                  checked={props.selected}
                  disabled={props.isEmpty}
                  tabIndex={tabIndex}
                  aria-label="Select all shown processes"
                />
              )}
              {sortable && (
                <SortButton {...props} column={column} tabIndex={tabIndex} />
              )}
              {!sortable && column !== "select" && (
                <span class="pw-spoken">
                  {column === "expand" ? "Details" : "Actions"}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface SortButtonProps extends HeaderRowProps {
  readonly column: ColumnId;
  readonly tabIndex: number;
}

function SortButton({ column, sort, isHeld, tabIndex }: SortButtonProps) {
  const isSorted = sort.column === column;
  return (
    <button
      type="button"
      class="pd-sort"
      data-do="sort"
      data-focus
      data-sort={column}
      data-sorted={isSorted}
      data-held={isSorted && isHeld}
      title={isSorted && isHeld
        ? "The order is kept while you point at the rows"
        : undefined}
      tabIndex={tabIndex}
    >
      {titleOf(column)}
      {isSorted && (
        <Glyph
          name={sort.descending ? "descending" : "ascending"}
        />
      )}
    </button>
  );
}

function directionOf(sort: Sorting, column: ColumnId) {
  if (sort.column !== column) return "none";
  return sort.descending ? "descending" : "ascending";
}
