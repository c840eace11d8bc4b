/** The last health report of a process. */

import type { Health } from "./card_view.ts";
import { formatAge } from "./format.ts";
import { useNow } from "./use_now.ts";

export function HealthReport({ health }: { health: Health }) {
  const { status, message, healthy, timestamp, details, staleAt } = health;
  const now = useNow(timestamp !== null);
  const stale = staleAt !== null && now > staleAt;
  return (
    <div class="pw-health">
      <span class={healthy ? "pw-healthy" : "pw-ailing"}>{status}</span>{" "}
      {timestamp !== null && (
        <span class="pw-age">{formatAge((now - timestamp) / 1000)}</span>
      )} {stale && (
        <span
          class="pw-tag"
          title="Several health reports are missing"
        >
          stale
        </span>
      )} {message && <span class="pw-message">{message}</span>}
      {details && Object.keys(details).length > 0 && (
        <details class="pw-details">
          <summary>Details</summary>
          <pre tabIndex={0} aria-label="Health details">
            {JSON.stringify(details, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}

/** Expected milliseconds between two reports until two have arrived. */
const DEFAULT_INTERVAL = 5000;
/** Shorter intervals are rounded up to this, in milliseconds. */
const MIN_INTERVAL = 1000;

/** Measures how often a process reports its health, to know when a report is missed. */
export class ReportInterval {
  #last: number | null = null;
  #ms = DEFAULT_INTERVAL;

  /** Milliseconds between the last two reports. */
  get ms(): number {
    return this.#ms;
  }

  /** Adds the time of the last report, in epoch milliseconds. */
  add(timestamp: number | null): void {
    const last = this.#last;
    this.#last = timestamp;
    if (last === null || timestamp === null || timestamp <= last) return;
    this.#ms = Math.max(timestamp - last, MIN_INTERVAL);
  }
}
