/** Where a reader is in a pane of lines, kept while lines come and go. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** At the end, or so many pixels below the upper edge of a row. */
type Position = "end" | { readonly row: HTMLElement; readonly offset: number };

/** A reader this close to the end, in pixels, follows it. */
const NEAR_END = 5;

/**
 * Follows the end of a pane for a reader who is there, and keeps what any
 * other reader reads in its place.
 */
export function useReadingPosition(lines: readonly string[]): {
  readonly pane: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
} {
  const pane = useRef<HTMLDivElement>(null);
  const position = useRef<Position>("end");

  const remember = () => {
    // A hidden pane has no layout to tell anything from.
    if (!pane.current?.clientHeight) return;
    position.current = positionIn(pane.current);
  };
  const restore = () => {
    if (pane.current) moveTo(position.current, pane.current);
  };

  // Scroll events come a frame late. Rendering comes before the page changes,
  // so here is the last chance to see where the reader is.
  remember();
  useLayoutEffect(restore, [lines]);

  // A pane that was hidden, moved in the page or squeezed has lost its place.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(restore);
    observer.observe(pane.current!);
    return () => observer.disconnect();
  }, []);

  return { pane, onScroll: remember };
}

function positionIn(pane: HTMLElement): Position {
  const { scrollTop, scrollHeight, clientHeight } = pane;
  if (scrollHeight - clientHeight - scrollTop <= NEAR_END) return "end";
  const row = rowAt(scrollTop, pane);
  return { row, offset: scrollTop - row.offsetTop };
}

function moveTo(position: Position, pane: HTMLElement): void {
  if (position === "end") {
    pane.scrollTop = pane.scrollHeight;
  } else {
    const { row, offset } = position;
    // A row that is gone was above all that are left.
    pane.scrollTop = pane.contains(row) ? row.offsetTop + offset : 0;
  }
}

/** The last row that starts at or above `top`. */
function rowAt(top: number, pane: HTMLElement): HTMLElement {
  const rows = pane.children as HTMLCollectionOf<HTMLElement>;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rows[middle].offsetTop <= top) low = middle;
    else high = middle - 1;
  }
  return rows[low];
}
