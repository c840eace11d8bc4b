/** The time, for what a card counts by itself between two messages. */

import { useEffect, useState } from "preact/hooks";

/** Epoch milliseconds, new each second while anyone wants to know. */
export function useNow(wanted: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [wanted]);
  // What arrived since the last second is not from the future.
  return Math.max(now, wanted ? Date.now() : 0);
}
