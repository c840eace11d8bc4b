/** The current time, for ages and countdowns that change between messages. */

import { useEffect, useState } from "preact/hooks";

/** Returns epoch milliseconds; renders again every second while `active`. */
export function useNow(active: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  // A value received since the last second must not be in the future.
  return active ? Math.max(now, Date.now()) : now;
}
