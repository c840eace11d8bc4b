/** A clock that all parts of a page share, so that they change together. */

import { useEffect, useState } from "preact/hooks";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Returns epoch milliseconds; renders again every second while `active`. */
export function useClock(active: boolean): number {
  useTicks(active, 1000);
  return Date.now();
}

/** Returns epoch milliseconds, rounded up to a multiple of `period`; renders again
 * whenever that changes while `active`. */
export function useCoarseClock(active: boolean, period: number): number {
  useTicks(active, period);
  return Math.ceil(Date.now() / period) * period;
}

function useTicks(active: boolean, period: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const update = () => setTick(Math.ceil(Date.now() / period));
    listeners.add(update);
    timer ??= setInterval(() => listeners.forEach((one) => one()), 1000);
    return () => {
      listeners.delete(update);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, [active, period]);
}
