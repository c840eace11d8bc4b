/** Keeps a scrolling pane at the reader's position while rows are added and dropped. */

import type { RefObject } from "preact";
import {
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
import type { Row } from "../terminal/row.ts";
import { SCREEN_ROWS } from "../terminal/terminal.ts";
import type { Rows } from "./log_store.ts";

/** Height of a line in pixels: an integer, so that positions do not drift. */
export const LINE_HEIGHT = 18;

/** Scrolled to within this many pixels of the end, a log follows its end. */
const NEAR_END = 5;

/** Logs of up to this many rows are rendered completely, so that the browser's
 * search and screen readers reach every row. */
const RENDER_ALL = 200;

/** Maximum height of an element, in pixels. Browsers draw nothing beyond 17 to 33
 * million; in a log of more, scrolling by a pixel moves the rows by several. */
const MAX_HEIGHT = 15_000_000;

/** Number of characters in the probe element, which measures their width. */
export const PROBE_LENGTH = 100;

/** Options of {@linkcode useViewport}. */
export interface ViewportOptions {
  readonly rows: Rows;
  readonly wrap: boolean;
  /** The position to keep, or null to follow the end. */
  readonly position: Position | null;
  /** Called when the reader scrolls: with null at the end. */
  readonly onScroll: (position: Position | null) => void;
}

/** What to render in the pane, and how to connect it. */
export interface Viewport {
  readonly pane: RefObject<HTMLDivElement | null>;
  /** An element with a text of {@linkcode PROBE_LENGTH} characters. */
  readonly probe: RefObject<HTMLSpanElement | null>;
  readonly layout: Layout;
  /** Indexes of the first row to render and of the row after the last. */
  readonly start: number;
  readonly end: number;
  /** Height of the element with the rows, and where in it to draw the first. */
  readonly height: number;
  readonly offset: number;
  readonly handleScroll: () => void;
}

/** Computes which rows to render, and scrolls the pane to its position. */
export function useViewport(
  { rows, wrap, position, onScroll }: ViewportOptions,
): Viewport {
  const pane = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const { height, columns } = usePaneSize(pane, probe);
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  const measurements = useMemo<Measurements>(
    () => ({ heights: new WeakMap(), version: 0 }),
    [columns],
  );
  const rendered = useRef<Rendered | null>(null);

  const layout = useLayout(rows, wrap ? columns : null, measurements);
  const top = Math.round(
    position
      ? scrollTopFor(layout, position, height)
      : Math.max(0, layout.height - height),
  );
  const [start, end] = visibleRange(layout, top, height);
  const scrollable = Math.min(layout.height, MAX_HEIGHT);
  const scale = (layout.height - height) / (scrollable - height) || 1;
  const scrollTop = top / scale;

  const handleScroll = () => {
    const scrollTop = scrolledTo(pane.current, rendered.current);
    if (scrollTop === null) return;
    const { layout, scale } = rendered.current!;
    rendered.current = { layout, scale, scrollTop };
    const top = scrollTop * scale;
    onScroll(isAtEnd(layout, top, height) ? null : positionAt(layout, top));
  };

  useLayoutEffect(() => {
    const element = pane.current!;
    if (!element.clientHeight) return;
    // Scroll events arrive a frame late: do not undo a scroll of the reader
    // that has not been reported yet.
    if (scrolledTo(element, rendered.current) !== null) return handleScroll();
    if (Math.abs(element.scrollTop - scrollTop) >= 1) {
      element.scrollTop = scrollTop;
    }
    rendered.current = { layout, scale, scrollTop: element.scrollTop };
  });

  useLayoutEffect(() => {
    if (wrap && measure(pane.current!, layout, start, measurements.heights)) {
      measurements.version++;
      rerender(0);
    }
  }, [layout, start, end]);

  return {
    pane,
    probe,
    layout,
    start,
    end,
    height: scrollable,
    offset: layout.topOf(start) - top + scrollTop,
    handleScroll,
  };
}

/** What was rendered, and how far the pane was scrolled then. */
interface Rendered {
  readonly layout: Layout;
  /** How many pixels of the layout one of the pane stands for. */
  readonly scale: number;
  readonly scrollTop: number;
}

/** Returns where the reader scrolled to, or null if they did not scroll. */
function scrolledTo(
  pane: HTMLElement | null,
  rendered: Rendered | null,
): number | null {
  // A hidden pane has no layout.
  if (!pane?.clientHeight || !rendered) return null;
  const { scrollTop, scrollHeight, clientHeight } = pane;
  if (Math.abs(scrollTop - rendered.scrollTop) < 1) return null;
  // The browser scrolls a pane whose content became shorter.
  const shortened = scrollTop < rendered.scrollTop &&
    scrollTop >= scrollHeight - clientHeight - 1;
  return shortened ? null : scrollTop;
}

/** Returns the indexes of the rows in sight, and a quarter of a pane around them. */
function visibleRange(
  layout: Layout,
  top: number,
  height: number,
): [start: number, end: number] {
  const { length } = layout.rows.list;
  if (length <= RENDER_ALL) return [0, length];
  const start = layout.indexAt(top - height / 4);
  const end = layout.indexAt(top + 1.25 * height) + 1;
  return [start, Math.min(end, length)];
}

interface PaneSize {
  /** In pixels, including the padding. */
  readonly height: number;
  /** Width in characters. */
  readonly columns: number;
}

function usePaneSize(
  pane: RefObject<HTMLElement | null>,
  probe: RefObject<HTMLElement | null>,
): PaneSize {
  const [size, setSize] = useState<PaneSize>({ height: 180, columns: 80 });
  useLayoutEffect(() => {
    const element = pane.current!;
    const update = () => {
      const probeWidth = probe.current!.getBoundingClientRect().width;
      const parent = probe.current!.parentElement!;
      const { width } = parent.getBoundingClientRect();
      // A hidden pane has no size.
      if (!probeWidth || !element.clientHeight) return;
      const height = element.clientHeight;
      // The tolerance covers rounding errors in the browser's sums.
      const fitting = (width + 0.02) / (probeWidth / PROBE_LENGTH);
      const columns = Math.max(1, Math.floor(fitting));
      setSize((previous) =>
        previous.height === height && previous.columns === columns
          ? previous
          : { height, columns }
      );
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    observer.observe(probe.current!);
    update();
    return () => observer.disconnect();
  }, []);
  return size;
}

/** Measured heights, which apply to a number of columns. */
interface Measurements {
  readonly heights: MeasuredHeights;
  /** Incremented when heights are added. */
  version: number;
}

/** Memoizes the layout; `columns` is null for rows that do not wrap. */
function useLayout(
  rows: Rows,
  columns: number | null,
  { heights, version }: Measurements,
): Layout {
  const last = useRef<{ layout: WrappedLayout; key: string } | null>(null);
  return useMemo(() => {
    if (columns === null) return unwrappedLayout(rows);
    const key = `${columns} ${version}`;
    const previous = last.current?.key === key ? last.current.layout : null;
    const layout = wrappedLayout(rows, columns, heights, previous);
    last.current = { layout, key };
    return layout;
  }, [rows, columns, version]);
}

/** Stores the heights that differ from the layout; returns whether any do. */
function measure(
  pane: HTMLElement,
  layout: Layout,
  start: number,
  heights: MeasuredHeights,
): boolean {
  let differs = false;
  const elements = pane.querySelectorAll<HTMLElement>(".pw-line");
  for (const [offset, element] of elements.entries()) {
    const index = start + offset;
    const row = layout.rows.list[index];
    if (!row || row.simple) continue;
    const height = Math.max(element.offsetHeight, LINE_HEIGHT);
    if (height === layout.topOf(index + 1) - layout.topOf(index)) continue;
    heights.set(row, height);
    differs = true;
  }
  return differs;
}

/** Where rows are, in pixels below the top of the first one. */
export interface Layout {
  readonly rows: Rows;
  /** Height of all rows. */
  readonly height: number;
  /** Width of the widest row, in columns. */
  readonly columns: number;
  /** Returns the top of the row at an index. */
  topOf(index: number): number;
  /** Returns the index of the row at a height, clamped to the rows. */
  indexAt(y: number): number;
}

/** Heights measured in the page, of rows whose height cannot be computed. */
export type MeasuredHeights = WeakMap<Row, number>;

/** Lays out each row as one line. */
export function unwrappedLayout(rows: Rows): Layout {
  const { list } = rows;
  const lastIndex = Math.max(list.length - 1, 0);
  return {
    rows,
    height: list.length * LINE_HEIGHT,
    columns: list.reduce((max, row) => Math.max(max, row.columns), 0),
    topOf: (index) => index * LINE_HEIGHT,
    indexAt: (y) =>
      Math.min(Math.max(Math.floor(y / LINE_HEIGHT), 0), lastIndex),
  };
}

/** A layout of wrapped rows. */
export interface WrappedLayout extends Layout {
  /** The top of each row, and the bottom of the last one. */
  readonly tops: Uint32Array;
}

/**
 * Lays out rows that wrap after `columns` columns.
 *
 * @param previous A layout with the same columns and measured heights, whose
 * positions are reused for rows that the terminal can no longer rewrite.
 */
export function wrappedLayout(
  rows: Rows,
  columns: number,
  measured: MeasuredHeights,
  previous: WrappedLayout | null,
): WrappedLayout {
  const { list } = rows;
  const tops = new Uint32Array(list.length + 1);
  const reused = previous ? reuse(tops, rows, previous) : 0;
  for (let i = reused; i < list.length; i++) {
    const row = list[i];
    const lines = Math.max(1, Math.ceil(row.columns / columns));
    const height = row.simple ? undefined : measured.get(row);
    tops[i + 1] = tops[i] + (height ?? lines * LINE_HEIGHT);
  }
  return {
    rows,
    tops,
    height: tops[list.length],
    columns,
    topOf: (index) => tops[index],
    indexAt(y) {
      let low = 0;
      let high = Math.max(list.length - 1, 0);
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (tops[middle] <= y) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** Copies the tops of rows that cannot have changed and returns their number. */
function reuse(
  tops: Uint32Array,
  rows: Rows,
  previous: WrappedLayout,
): number {
  const dropped = rows.first - previous.rows.first;
  const unchanged = previous.rows.list.length - dropped - SCREEN_ROWS;
  const count = Math.min(unchanged, rows.list.length);
  if (dropped < 0 || count <= 0) return 0;
  const shift = previous.tops[dropped];
  for (let i = 0; i <= count; i++) tops[i] = previous.tops[i + dropped] - shift;
  return count;
}

/** A reader's position in a log: a row at an edge or in the middle of the pane. */
export interface Position {
  /** Number of the row. */
  readonly row: number;
  readonly at: "top" | "middle" | "bottom";
  /** How many pixels of the row are beyond that edge. */
  readonly offset: number;
}

/** Returns whether a pane of this height, scrolled to `top`, shows the end. */
export function isAtEnd(layout: Layout, top: number, height: number): boolean {
  return layout.height - height - top <= NEAR_END;
}

/** Returns the position at the top edge of a pane that is scrolled to `top`. */
export function positionAt(layout: Layout, top: number): Position {
  const index = layout.indexAt(top);
  const row = layout.rows.first + index;
  return { row, at: "top", offset: top - layout.topOf(index) };
}

/** Returns where a pane must scroll to for a position: 0 if its row was dropped. */
export function scrollTopFor(
  layout: Layout,
  { row, at, offset }: Position,
  height: number,
): number {
  const index = row - layout.rows.first;
  if (index < 0) return 0;
  const top = layout.topOf(Math.min(index, layout.rows.list.length));
  const above = { top: 0, middle: (height - LINE_HEIGHT) / 2, bottom: height };
  const max = Math.max(0, layout.height - height);
  return Math.min(Math.max(0, top + offset - above[at]), max);
}
