/** The table of processes: an ARIA grid that draws only the rows in sight. */

import type { ComponentChildren } from "preact";
import {
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
import type {
  Column,
  RowId,
  Sorting,
} from "../../../widget/dashboard/traits.ts";
import type { Palette } from "../../theme.ts";
import { useCoarseClock } from "../clock.ts";
import type { Entries } from "../data/entries.ts";
import type { OfferedControl } from "../data/selection.ts";
import type { Arrangement } from "./columns.ts";
import { DetailRow } from "./detail_row.tsx";
import {
  type Cell,
  cellAt,
  cellOf,
  focusTarget,
  placeOf,
  widgetOf,
  widgetsIn,
} from "./focus.ts";
import { HEADER_HEIGHT, HeaderRow } from "./header_row.tsx";
import { TableLayout } from "./layout.ts";
import { moveBy } from "./navigation.ts";
import { useOrder } from "./order.ts";
import { RowView } from "./row.tsx";
import { useScroll } from "./scroll.ts";
import { useStages } from "./stages.ts";

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

  const [active, setActive] = useState<Cell>({ row: null, column: "name" });
  const place = useActivePlace(active, layout, arrangement);
  const focused = cellAt(place, layout, columns);
  useFocus(grid, focused);

  const pendingFocus = useRef(false);
  useLayoutEffect(() => {
    if (!pendingFocus.current) return;
    pendingFocus.current = false;
    focusTarget(grid.current!, focused)?.focus({ preventScroll: true });
  });

  const goTo = (line: number, column: number) => {
    const cell = cellAt({ line, column }, layout, columns);
    if (cell.row !== null) scroll.reveal(areaOf(layout, cell));
    pendingFocus.current = true;
    setActive(cell);
  };
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

  const handleKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    const cell = target.closest<HTMLElement>("[data-column]");
    if (!cell) return;
    const isHandled = target === widgetOf(cell)
      ? handleCellKey(event, cell)
      : handleWidgetKey(event, cell, target);
    if (isHandled) event.preventDefault();
  };

  /** Handles a key while a cell has the focus. */
  const handleCellKey = (event: KeyboardEvent, cell: HTMLElement): boolean => {
    const { key } = event;
    const id = focused.row;
    const bounds = {
      lines: layout.lines + 1,
      columns: columns.length,
      page: Math.max(1, Math.floor(scroll.height / rowHeight) - 1),
    };
    const next = moveBy(event, place, bounds);
    if (next) {
      goTo(next.line, next.column);
      const reached = cellAt(next, layout, columns).row;
      if (event.shiftKey && next.line !== place.line && reached !== null) {
        if (id !== null && !selected.has(id)) {
          props.onSelect(id, false, layout.ids);
        }
        props.onSelect(reached, true, layout.ids);
      }
      return true;
    }
    switch (key) {
      case "Escape":
        props.onEscape();
        return true;
      case "a":
        if (!event.ctrlKey && !event.metaKey) return false;
        props.onSelectAll(layout.ids);
        return true;
      case " ":
        // A button or checkbox takes it as a click.
        if (id === null || focused.column === "select") return false;
        props.onSelect(id, event.shiftKey, layout.ids);
        return true;
      case "F2":
        return enter(cell);
      case "Enter":
        if (id === null || focused.column === "expand") return false;
        if (focused.column === "actions" || focused.column === "detail") {
          return enter(cell);
        }
        if (focused.column === "select") {
          props.onSelect(id, event.shiftKey, layout.ids);
        } else props.onExpand(id);
        return true;
      default:
        return false;
    }
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
      onKeyDown={handleKey}
      onFocusIn={(event) => {
        const cell = cellOf(event.target as Element);
        if (cell) setActive(cell);
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

/** Handles a key while a widget within a cell has the focus. */
function handleWidgetKey(
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

/** Focuses the first widget within a cell; returns whether there is one. */
function enter(cell: HTMLElement): boolean {
  const [first] = widgetsIn(cell);
  first?.focus();
  return first !== undefined;
}

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

/** Lays out the rows, and again when the height of an expanded one is measured. */
function useLayout(
  rows: Entries,
  expanded: readonly RowId[],
  rowHeight: number,
) {
  const heights = useRef(new Map<RowId, number>()).current;
  const [version, measured] = useReducer((count: number) => count + 1, 0);
  const set = useMemo(() => new Set(expanded), [expanded]);
  const last = useRef<TableLayout | null>(null);
  const key = useRef<unknown[]>([]);
  const nextKey = [set, rowHeight, version];
  const isSame = last.current?.ids.length === rows.length &&
    nextKey.every((part, at) => part === key.current[at]) &&
    rows.every(({ id }, at) => id === last.current!.ids[at]);
  if (!isSame) {
    const ids = rows.map(({ id }) => id);
    last.current = new TableLayout(ids, set, heights, rowHeight);
    key.current = nextKey;
  }
  const setHeight = useRef((id: RowId, height: number) => {
    if (heights.get(id) === height) return;
    heights.set(id, height);
    measured(0);
  }).current;
  return { layout: last.current!, setHeight };
}

/** Returns where the active cell is; the same line if its row has left. */
function useActivePlace(
  active: Cell,
  layout: TableLayout,
  { columns }: Arrangement,
) {
  const last = useRef(0);
  const hasLeft = active.row !== null && layout.indexOf(active.row) === -1;
  const place = placeOf(active, layout, columns);
  const line = hasLeft ? Math.min(last.current, layout.lines) : place.line;
  last.current = line;
  return { line, column: place.column };
}

/** Moves the focus to its cell again when the row has moved or left. */
function useFocus(
  grid: { readonly current: HTMLElement | null },
  cell: Cell,
): void {
  const hadFocus = grid.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!hadFocus) return;
    const { current } = grid;
    const { activeElement } = document;
    const isThere = current!.contains(activeElement) &&
      cellOf(activeElement!)?.row === cell.row;
    if (!isThere) focusTarget(current!, cell)?.focus({ preventScroll: true });
  });
}
