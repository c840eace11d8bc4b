import { delay } from "@std/async";
import { median } from "./statistics.ts";

/** How often to look at the clock, in milliseconds. */
const STEP_MS = 1;

/**
 * Returns the longest pause of the event loop, in ms: the median of several
 * windows, as another program on the machine can cause a longer one in any.
 */
export async function longestPause(
  { windows = 5, ms = 2000 } = {},
): Promise<number> {
  const longest: number[] = [];
  for (let window = 0; window < windows; window++) {
    let pause = 0;
    const end = performance.now() + ms;
    for (let before = performance.now(); before < end;) {
      await delay(STEP_MS);
      const now = performance.now();
      pause = Math.max(pause, now - before - STEP_MS);
      before = now;
    }
    longest.push(pause);
  }
  return median(longest);
}
