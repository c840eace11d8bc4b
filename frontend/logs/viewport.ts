/** Keeps a scrolling pane at the reader's position while rows are added and dropped. */

import type { RefObject } from "preact";
import {
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
import {
  isAtEnd,
  type Layout,
  LINE_HEIGHT,
  type MeasuredHeights,
  type Position,
  positionAt,
  scrollTopFor,
  unwrappedLayout,
  type WrappedLayout,
  wrappedLayout,
} from "./layout.ts";
import type { Rows } from "./log_store.ts";

/** Logs of up to this many rows are rendered completely, so that the browser's
 * search and screen readers reach every row. */
const RENDER_ALL = 200;

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
  const rendered = useRef<{ layout: Layout; top: number } | null>(null);

  const layout = useLayout(rows, wrap ? columns : null, measurements);
  const top = Math.round(
    position
      ? scrollTopFor(layout, position, height)
      : Math.max(0, layout.height - height),
  );
  const [start, end] = visibleRange(layout, top, height);

  const handleScroll = () => {
    const top = scrolledTo(pane.current, rendered.current);
    if (top === null) return;
    const { layout } = rendered.current!;
    rendered.current = { layout, top };
    onScroll(isAtEnd(layout, top, height) ? null : positionAt(layout, top));
  };

  useLayoutEffect(() => {
    const element = pane.current!;
    if (!element.clientHeight) return;
    // Scroll events arrive a frame late: do not undo a scroll of the reader
    // that has not been reported yet.
    if (scrolledTo(element, rendered.current) !== null) return handleScroll();
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    rendered.current = { layout, top: element.scrollTop };
  });

  useLayoutEffect(() => {
    if (wrap && measure(pane.current!, layout, start, measurements.heights)) {
      measurements.version++;
      rerender(0);
    }
  }, [layout, start, end]);

  return { pane, probe, layout, start, end, handleScroll };
}

/** Returns where the reader scrolled to, or null if they did not scroll. */
function scrolledTo(
  pane: HTMLElement | null,
  rendered: { readonly top: number } | null,
): number | null {
  // A hidden pane has no layout.
  if (!pane?.clientHeight || !rendered) return null;
  const { scrollTop, scrollHeight, clientHeight } = pane;
  if (Math.abs(scrollTop - rendered.top) < 1) return null;
  // The browser scrolls a pane whose content became shorter.
  const shortened = scrollTop < rendered.top &&
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
