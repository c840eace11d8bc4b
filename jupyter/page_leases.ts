import { RENEW_MS } from "./protocol.ts";

/** How long a page counts as open without a message from it, in milliseconds.
 * Browsers delay the timers of a hidden page by up to a minute. */
const LEASE_MS = 5 * RENEW_MS;

/** Options of {@linkcode PageLeases}. */
export interface PageLeasesOptions {
  /** Called with a page that has not renewed its lease. */
  readonly onExpire: (page: string) => void;
  /** Returns a monotonic time, in milliseconds. */
  readonly now: () => number;
  /** Calls a function once, after some milliseconds. */
  readonly schedule: (fn: () => void, ms: number) => void;
}

/**
 * Notices pages that are gone although they never said so, such as a page that
 * crashed or a computer that was switched off: open pages renew a lease.
 */
export class PageLeases {
  readonly #options: PageLeasesOptions;
  readonly #renewedAt = new Map<string, number>();
  #scheduled = false;

  /** Watches no page yet. */
  constructor(options: PageLeasesOptions) {
    this.#options = options;
  }

  /** Returns whether a page is open, as far as is known. */
  has(page: string): boolean {
    return this.#renewedAt.has(page);
  }

  /** Records a sign of life of a page. */
  renew(page: string): void {
    this.#renewedAt.set(page, this.#options.now());
    this.#schedule();
  }

  /** Ends the lease of a page that was closed. */
  end(page: string): void {
    this.#renewedAt.delete(page);
  }

  #schedule(): void {
    if (this.#scheduled || this.#renewedAt.size === 0) return;
    this.#scheduled = true;
    const { now, schedule, onExpire } = this.#options;
    const due = now() + RENEW_MS;
    schedule(() => {
      this.#scheduled = false;
      const late = now() - due;
      for (const [page, at] of this.#renewedAt) {
        // While a cell keeps the kernel busy, messages of pages wait.
        if (late > RENEW_MS) this.#renewedAt.set(page, at + late);
        else if (now() - at > LEASE_MS) {
          this.#renewedAt.delete(page);
          onExpire(page);
        }
      }
      this.#schedule();
    }, RENEW_MS);
  }
}
