/** The table of processes: an ARIA grid that draws only the rows in sight. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type {
  Column,
  RowId,
  Sorting,
} from "../../../widget/dashboard/traits.ts";
import type { Palette } from "../../theme.ts";
import { useCoarseClock } from "../clock.ts";
import type { Entries } from "../data/entries.ts";
import type { OfferedControl } from "../data/selection.ts";
import { useActiveCell } from "./active_cell.ts";
import type { Arrangement } from "./columns.ts";
import { DetailRow } from "./detail_row.tsx";
import { type Cell, cellOf } from "./focus.ts";
import { HEADER_HEIGHT, HeaderRow } from "./header_row.tsx";
import { handleKey, type Keyboard } from "./keyboard.ts";
import type { TableLayout } from "./layout.ts";
import { useOrder } from "./order.ts";
import { RowView } from "./row.tsx";
import { useScroll } from "./scroll.ts";
import { useStages } from "./stages.ts";
import { useLayout } from "./use_layout.ts";

/** How often the curves of rows that do not change are drawn, in milliseconds. */
const REDRAW_MS = 4000;

export interface TableProps {
  readonly label: string;
  /** The rows that are shown, sorted. */
  readonly entries: Entries;
  readonly sort: Sorting;
  /** Increases when the reader sorts or filters here: then the table shows the
   * first rows. Other views stay where they are. */
  readonly arranged: number;
  readonly expanded: readonly RowId[];
  readonly selected: ReadonlySet<RowId>;
  readonly arrangement: Arrangement;
  readonly palette: Palette;
  /** A row to scroll to and to point out, or null. */
  readonly revealed: RowId | null;
  /** Under which the position is stored for the next time the page is loaded. */
  readonly memory: string;
  /** Shown when there are no rows. */
  readonly placeholder: ComponentChildren;
  readonly isSending: (id: RowId) => boolean;
  /** Renders the details of an expanded row. */
  readonly renderDetail: (id: RowId) => ComponentChildren;
  readonly onSort: (column: Column) => void;
  readonly onExpand: (id: RowId) => void;
  /** Called when a row is selected or deselected; with those up to it if `range`. */
  readonly onSelect: (
    id: RowId,
    range: boolean,
    shown: readonly RowId[],
  ) => void;
  readonly onSelectAll: (shown: readonly RowId[]) => void;
  readonly onControl: (control: OfferedControl, id: RowId) => void;
  /** Called with the rows in sight when they may have changed. */
  readonly onInSight: (ids: readonly RowId[]) => void;
  /** Called when the reader presses Escape in a cell. */
  readonly onEscape: () => void;
}

export function Table(props: TableProps) {
  const { entries, sort, expanded, selected, arrangement } = props;
  const { columns, rowHeight } = arrangement;
  const grid = useRef<HTMLDivElement>(null);
  const { rows, isHeld, handlers } = useOrder(entries, sort);
  const { layout, setHeight } = useLayout(rows, expanded, rowHeight);
  const scroll = useScroll({
    scroller: grid,
    layout,
    header: HEADER_HEIGHT,
    memory: props.memory,
    onInSight: props.onInSight,
  });

  const { arranged } = props;
  const lastArranged = useRef(arranged);
  useLayoutEffect(() => {
    if (lastArranged.current !== arranged) scroll.toTop();
    lastArranged.current = arranged;
  }, [arranged]);

  const active = useActiveCell(grid, layout, columns);
  const focused = active.cell;

  const [hovered, setHovered] = useState<RowId | null>(null);
  const { canHover } = arrangement;
  const { revealed } = props;
  const revealedAt = revealed === null ? -1 : layout.indexOf(revealed);
  useLayoutEffect(() => {
    if (revealedAt === -1) return;
    const top = layout.topOf(revealedAt);
    scroll.reveal({ top, bottom: top + rowHeight });
  }, [revealed, revealedAt === -1]);

  const act = (element: Element, event: MouseEvent | KeyboardEvent) => {
    const { do: what, sort } = (element as HTMLElement).dataset;
    const id = cellOf(element)?.row;
    if (what === "sort") return props.onSort(sort as Column);
    if (what === "select-all") return props.onSelectAll(layout.ids);
    if (id == null) return;
    if (what === "expand") return props.onExpand(id);
    if (what === "select") {
      return props.onSelect(id, event.shiftKey, layout.ids);
    }
    props.onControl(what as OfferedControl, id);
  };

  const handleClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const button = target.closest("[data-do]:not([aria-disabled=true])");
    if (button) act(button, event);
  };

  const keyboard: Keyboard = {
    active,
    layout,
    columns,
    page: Math.max(1, Math.floor(scroll.height / rowHeight) - 1),
    isSelected: (id) => selected.has(id),
    onMove(cell) {
      if (cell.row !== null) scroll.reveal(areaOf(layout, cell));
      active.focus(cell);
    },
    onExpand: props.onExpand,
    onSelect: (id, range) => props.onSelect(id, range, layout.ids),
    onSelectAll: () => props.onSelectAll(layout.ids),
    onEscape: props.onEscape,
  };

  // Shifts the curves by a pixel or two.
  const now = useCoarseClock(arrangement.curves, REDRAW_MS) / 1000;
  const drawRow = (index: number) => {
    const entry = rows[index];
    const { id } = entry;
    const isExpanded = layout.isExpanded(index);
    const rowIndex = layout.lineOf(index) + 2;
    const focusable = focused.row === id ? focused.column : null;
    return [
      // A row of another process, in the same place, reuses its elements.
      <RowView
        key={index}
        entry={entry}
        arrangement={arrangement}
        palette={props.palette}
        now={now}
        rowIndex={rowIndex}
        top={layout.topOf(index)}
        selected={selected.has(id)}
        expanded={isExpanded}
        hasButtons={!canHover || id === hovered || focusable !== null}
        sending={props.isSending(id)}
        revealed={revealed === id}
        focusable={focusable === "detail" ? null : focusable}
      />,
      isExpanded && (
        <DetailRow
          key={id}
          id={id}
          name={entry.row.name}
          rowIndex={rowIndex + 1}
          top={layout.topOf(index) + rowHeight}
          columns={columns.length}
          isFocusable={focusable === "detail"}
          onHeight={setHeight}
        >
          {props.renderDetail(id)}
        </DetailRow>
      ),
    ];
  };
  const drawn = useStages(drawRow, {
    rows,
    layout,
    inSight: scroll.inSight,
    range: scroll.range,
    focused: focused.row,
  });

  return (
    <div
      ref={grid}
      class="pd-table"
      role="grid"
      aria-label={props.label}
      aria-rowcount={layout.lines + 1}
      aria-colcount={columns.length}
      aria-multiselectable={columns.includes("select")}
      data-layout={arrangement.isList ? "list" : "table"}
      data-grows={expanded.length > 0}
      style={{ "--pd-tracks": arrangement.tracks }}
      onScroll={scroll.onScroll}
      onClick={handleClick}
      onKeyDown={(event) => handleKey(event, keyboard)}
      onFocusIn={(event) => {
        const cell = cellOf(event.target as Element);
        if (cell) active.set(cell);
      }}
      onPointerOver={({ target }) => {
        setHovered(cellOf(target as Element)?.row ?? null);
      }}
    >
      <HeaderRow
        columns={columns}
        sort={sort}
        isHeld={isHeld}
        selected={layout.ids.length > 0 &&
          layout.ids.every((id) => selected.has(id))}
        isMixed={layout.ids.some((id) => selected.has(id))}
        isEmpty={layout.ids.length === 0}
        focusable={focused.row === null ? focused.column : null}
      />
      <div
        class="pd-body"
        role="rowgroup"
        style={{ height: `${layout.height}px` }}
        {...handlers}
      >
        {drawn.flat()}
      </div>
      {layout.ids.length === 0 && (
        <div class="pd-placeholder" role="row">
          <div role="gridcell" aria-colspan={columns.length}>
            {props.placeholder}
          </div>
        </div>
      )}
    </div>
  );
}

/** Returns where a cell is, in pixels below the top of the first row. */
function areaOf(
  layout: TableLayout,
  { row, column }: Cell,
): { top: number; bottom: number } {
  const index = layout.indexOf(row!);
  const top = layout.topOf(index);
  const bottom = top + layout.rowHeight;
  return column === "detail"
    ? { top: bottom, bottom: layout.topOf(index + 1) }
    : { top, bottom };
}
