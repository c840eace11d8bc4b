/** The part of a log that a scrolling element shows, and which it follows. */

import type { RefObject } from "preact";
import {
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";
import {
  type Layout,
  LINE_HEIGHT,
  unwrappedLayout,
  type WrappedLayout,
  wrappedLayout,
} from "./layout.ts";
import { isAtEnd, type Position, positionAt, topOf } from "./position.ts";
import type { Rows } from "./rows.ts";
import { useBox } from "./use_box.ts";

/** Logs of so many rows are in the page as a whole: the browser's own search
 * and screen readers reach all of it. */
const WHOLE = 200;

/** What a viewport is told. */
export interface ViewportOptions {
  readonly rows: Rows;
  readonly wrap: boolean;
  /** Where the reader stays; null follows the end. */
  readonly position: Position | null;
  /** Called when the reader scrolls elsewhere; null at the end. */
  readonly onScroll: (position: Position | null) => void;
}

/** What a viewport has to show. */
export interface Viewport {
  readonly pane: RefObject<HTMLDivElement | null>;
  /** An element with text of a known number of characters, to measure by. */
  readonly probe: RefObject<HTMLSpanElement | null>;
  readonly layout: Layout;
  /** The rows to draw: from one index up to another. */
  readonly start: number;
  readonly end: number;
  /** The height of the pane, in pixels. */
  readonly height: number;
  readonly handleScroll: () => void;
}

/** Keeps an element scrolled to a position while rows come and go. */
export function useViewport(
  { rows, wrap, position, onScroll }: ViewportOptions,
): Viewport {
  const pane = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const { height, columns } = useBox(pane, probe);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const measured = useHeights(columns);
  const drawn = useRef<{ layout: Layout; top: number } | null>(null);

  const layout = useLayout(rows, wrap ? columns : null, measured);
  const top = Math.round(
    position
      ? topOf(layout, position, height)
      : Math.max(0, layout.height - height),
  );
  const [start, end] = visible(layout, top, height);

  const handleScroll = () => {
    const reached = readerTop(pane.current, drawn.current);
    if (reached === null) return;
    const seen = drawn.current!.layout;
    drawn.current = { layout: seen, top: reached };
    const atEnd = isAtEnd(seen, reached, height);
    onScroll(atEnd ? null : positionAt(seen, reached));
  };

  useLayoutEffect(() => {
    const element = pane.current!;
    if (!element.clientHeight) return;
    // Scroll events come a frame late. A reader who has scrolled since the last
    // drawing is not to be put back.
    if (readerTop(element, drawn.current) !== null) return handleScroll();
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    drawn.current = { layout, top: element.scrollTop };
  });

  useLayoutEffect(() => {
    if (wrap && measure(pane.current!, layout, start, measured.heights)) {
      measured.version++;
      redraw(0);
    }
  }, [layout, start, end]);

  return { pane, probe, layout, start, end, height, handleScroll };
}

/** Where the reader has scrolled to; null if it is still where it was put. */
function readerTop(
  pane: HTMLElement | null,
  drawn: { readonly top: number } | null,
): number | null {
  // A hidden pane has no layout to tell anything from.
  if (!pane?.clientHeight || !drawn) return null;
  const { scrollTop, scrollHeight, clientHeight } = pane;
  if (Math.abs(scrollTop - drawn.top) < 1) return null;
  // The browser itself moves a pane whose content has become shorter.
  const shortened = scrollTop < drawn.top &&
    scrollTop >= scrollHeight - clientHeight - 1;
  return shortened ? null : scrollTop;
}

/** The indexes of the rows to draw: those in sight, and a quarter of a pane more each way. */
function visible(
  layout: Layout,
  top: number,
  height: number,
): [number, number] {
  const { length } = layout.rows.list;
  if (length <= WHOLE) return [0, length];
  const start = layout.indexAt(top - height / 4);
  const end = layout.indexAt(top + 1.25 * height) + 1;
  return [start, Math.min(end, length)];
}

interface Heights {
  heights: WeakMap<Rows["list"][number], number>;
  version: number;
  columns: number;
}

function useHeights(columns: number): Heights {
  const [kept] = useState<Heights>(() => ({
    heights: new WeakMap(),
    version: 0,
    columns,
  }));
  if (kept.columns !== columns) {
    Object.assign(kept, { heights: new WeakMap(), columns });
  }
  return kept;
}

/** The layout, worked out anew when anything that it depends on is different. */
function useLayout(
  rows: Rows,
  columns: number | null,
  { heights, version }: Heights,
): Layout {
  const last = useRef<{ wrapped: WrappedLayout; key: string } | null>(null);
  return useMemo(() => {
    if (columns === null) return unwrappedLayout(rows);
    const key = `${columns} ${version}`;
    const before = last.current?.key === key ? last.current.wrapped : null;
    const wrapped = wrappedLayout(rows, columns, heights, before);
    last.current = { wrapped, key };
    return wrapped;
  }, [rows, columns, version]);
}

/** Notes the heights that differ from what was reckoned; whether there are any. */
function measure(
  pane: HTMLElement,
  layout: Layout,
  start: number,
  heights: Heights["heights"],
): boolean {
  let differs = false;
  const elements = pane.querySelectorAll<HTMLElement>(".pw-line");
  for (const [at, element] of elements.entries()) {
    const index = start + at;
    const row = layout.rows.list[index];
    if (!row || row.simple) continue;
    const height = Math.max(element.offsetHeight, LINE_HEIGHT);
    if (height === layout.topOf(index + 1) - layout.topOf(index)) continue;
    heights.set(row, height);
    differs = true;
  }
  return differs;
}
