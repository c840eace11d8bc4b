/** What a process last said of its own health. */

import { formatAge } from "./duration.ts";
import { useNow } from "./use_now.ts";
import type { Health } from "./view.ts";

export function HealthReport({ health }: { health: Health }) {
  const { status, message, healthy, timestamp, details, staleAt } = health;
  const now = useNow(timestamp !== null);
  const stale = staleAt !== null && now > staleAt;
  return (
    <div class="pw-health">
      <span class={healthy ? "pw-healthy" : "pw-ailing"}>{status}</span>{" "}
      {timestamp !== null && (
        <span class="pw-age">{formatAge((now - timestamp) / 1000)}</span>
      )}{" "}
      {stale && (
        <span class="pw-tag" title="Several reports in a row did not come">
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
