import type { Page } from "playwright-core";

/** Longest time for which a view may show stale facts as current, in ms. */
export const MAX_STALE_MS = 10_000;

interface WatchGlobals {
  longestStale: number;
}

/**
 * Measures how long the first view of a page shows stale lines as current, for a
 * process that never stops printing.
 */
export class StaleWatch {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async start(page: Page): Promise<StaleWatch> {
    await page.evaluate(() => {
      const globals = globalThis as unknown as WatchGlobals;
      globals.longestStale = 0;
      let [seen, at] = ["", performance.now()];
      setInterval(() => {
        const view = document.querySelector<HTMLElement>(".process-widget");
        const lines = view?.querySelectorAll<HTMLElement>(".pw-line") ?? [];
        const line = [...lines].at(-1)?.innerText ?? "";
        const now = performance.now();
        if (line !== seen) [seen, at] = [line, now];
        if (view?.dataset.connection !== "ready") return;
        globals.longestStale = Math.max(globals.longestStale, now - at);
      }, 50);
    });
    return new StaleWatch(page);
  }

  /** Returns the longest time without a new line in a view marked as ready, in ms. */
  longest(): Promise<number> {
    return this.#page.evaluate(() =>
      (globalThis as unknown as WatchGlobals).longestStale
    );
  }
}
