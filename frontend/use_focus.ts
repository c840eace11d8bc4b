/** Moves the focus into what opens and back from what closes. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Returns a ref for an element that opens. Its first input gets the focus, or
 * else its last button, which cancels. When it closes, the focus returns to where
 * it was, unless it has moved elsewhere meanwhile.
 */
export function useFocus<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null);
  useLayoutEffect(() => {
    const element = ref.current!;
    const opener = document.activeElement as HTMLElement;
    element.querySelector<HTMLElement>("input, button:last-child")?.focus();
    return () => {
      if (element.contains(document.activeElement)) opener.focus();
    };
  }, []);
  return ref;
}
