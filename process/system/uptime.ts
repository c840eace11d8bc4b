/** The clock that nobody sets. */
import { uptime } from "node:os";

/**
 * Returns how long this machine has been up, in seconds, suspension included.
 * Setting the system clock does not change it, and all programs of the machine
 * read the same time, on Linux in the unit of a process's start ticks.
 */
export function readUptime(): number {
  try {
    return parseFloat(Deno.readTextFileSync("/proc/uptime"));
  } catch {
    // Systems without /proc: in whole seconds.
    return uptime();
  }
}
