/** Scrolls a table, and keeps its position while rows come and go. */

import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { RowId } from "../../../widget/dashboard/traits.ts";
import {
  keepPosition,
  type Range,
  rangeInSight,
  scrollTo,
  type TableLayout,
} from "./layout.ts";
import { recallPosition, storePosition } from "./scroll_memory.ts";

/** How far beyond the edges rows are drawn, in pixels, so that fast scrolling
 * shows no gaps. */
const MARGIN = 144;

/** The height of the rows in sight until it has been measured, in pixels. */
const USUAL_HEIGHT = 440;

/** What a table has to draw, and how to scroll it. */
export interface Scroll {
  /** The rows in sight. */
  readonly inSight: Range;
  /** The rows to draw: those in sight and some around them. */
  readonly range: Range;
  readonly onScroll: () => void;
  /** Scrolls as far as necessary to show an area, in pixels below the first row. */
  readonly reveal: (area: { top: number; bottom: number }) => void;
  /** Scrolls to the first row. */
  readonly toTop: () => void;
  /** The height of the rows in sight, in pixels. */
  readonly height: number;
}

/** Options of {@linkcode useScroll}. */
export interface ScrollOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly layout: TableLayout;
  /** The height of the header, which covers the top of the table, in pixels. */
  readonly header: number;
  /** Where the position is stored for the next time the page is loaded. */
  readonly memory: string;
  /** Called with the rows in sight when they may have changed. */
  readonly onInSight: (ids: readonly RowId[]) => void;
}

/** Computes which rows to draw, and scrolls the table to its position. */
export function useScroll(options: ScrollOptions): Scroll {
  const { scroller, layout, header, memory, onInSight } = options;
  const height = useHeight(scroller, header);
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  // How far the table is scrolled, as far as is known here.
  const position = useRef(0);
  const before = useRef<TableLayout | null>(null);
  const isPlaced = useRef(false);

  let top = position.current;
  if (!isPlaced.current && height !== null && layout.ids.length > 0) {
    top = recallPosition(memory, layout) ?? top;
  } else if (before.current && before.current !== layout) {
    // The browser reports a scroll a frame later.
    if (height !== null) top = scroller.current!.scrollTop;
    top = keepPosition(before.current, layout, top);
  }
  const visible = height ?? USUAL_HEIGHT;
  top = Math.min(top, Math.max(0, layout.height - visible));
  const inSight = rangeInSight(layout, top, visible, 0);
  const range = rangeInSight(layout, top, visible, MARGIN);
  const drawn = useRef(range);

  const report = (top: number) => {
    const { start, end } = rangeInSight(layout, top, visible, 0);
    onInSight(layout.ids.slice(start, end));
  };

  useLayoutEffect(() => {
    drawn.current = range;
    // A table that is shown again is scrolled to its top.
    if (height === null) return void (before.current = null);
    isPlaced.current ||= layout.ids.length > 0;
    const hasMoved = Math.abs(top - position.current) >= 1;
    const isReset = before.current === null;
    before.current = layout;
    position.current = top;
    if (hasMoved || isReset) scroller.current!.scrollTop = top;
    report(top);
  });

  const goTo = (top: number) => {
    scroller.current!.scrollTop = position.current = top;
    rerender(0);
  };
  return {
    inSight,
    range,
    height: visible,
    onScroll() {
      const element = scroller.current!;
      // An element that is hidden is scrolled to its top.
      if (!element.clientHeight) return;
      const top = position.current = element.scrollTop;
      storePosition(memory, layout, top);
      report(top);
      const { start, end } = rangeInSight(layout, top, visible, MARGIN / 2);
      const isDrawn = start >= drawn.current.start && end <= drawn.current.end;
      if (!isDrawn) rerender(0);
    },
    reveal(area) {
      const target = scrollTo(area, position.current, visible);
      if (target !== position.current) goTo(target);
    },
    toTop() {
      if (position.current !== 0) goTo(0);
    },
  };
}

/** Returns the height of the rows in sight; null while the table is hidden. */
function useHeight(
  scroller: RefObject<HTMLElement | null>,
  header: number,
): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current!;
    const update = () => {
      const { clientHeight } = element;
      setHeight(clientHeight ? Math.max(clientHeight - header, 0) : null);
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    update();
    return () => observer.disconnect();
  }, [header]);
  return height;
}
