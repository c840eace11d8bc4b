/** A clock that all parts of a page share, so that they change together. */

import { useEffect, useState } from "preact/hooks";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Returns epoch milliseconds, and renders again at every tick while `active`.
 *
 * @param seconds Seconds between two ticks.
 */
export function useClock(active: boolean, seconds = 1): number {
  const period = seconds * 1000;
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const update = () => setTick(Math.floor(Date.now() / period));
    listeners.add(update);
    timer ??= setInterval(() => listeners.forEach((one) => one()), 1000);
    return () => {
      listeners.delete(update);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, [active, period]);
  return Date.now();
}
