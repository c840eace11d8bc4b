/** How much a scrolling element has room for. */

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** The room for text. */
export interface Box {
  /** In pixels, the padding included. */
  readonly height: number;
  /** In characters. */
  readonly columns: number;
}

/** How many characters the probe holds. */
export const PROBE = 100;

/** The room in an element, as it is now. The probe holds {@linkcode PROBE} characters. */
export function useBox(
  pane: RefObject<HTMLElement | null>,
  probe: RefObject<HTMLElement | null>,
): Box {
  const [box, setBox] = useState<Box>({ height: 180, columns: 80 });
  useLayoutEffect(() => {
    const element = pane.current!;
    const update = () => {
      const character = probe.current!.getBoundingClientRect().width / PROBE;
      const parent = probe.current!.parentElement!;
      const width = parent.getBoundingClientRect().width;
      // A hidden pane has no measures.
      if (!character || !element.clientHeight) return;
      const height = element.clientHeight;
      // A hair's breadth, as the browser rounds what it adds up.
      const columns = Math.max(1, Math.floor((width + 0.02) / character));
      setBox((before) =>
        before.height === height && before.columns === columns
          ? before
          : { height, columns }
      );
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    observer.observe(probe.current!);
    update();
    return () => observer.disconnect();
  }, []);
  return box;
}
