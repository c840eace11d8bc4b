/** How long a view shows old facts as current. */
import type { Page } from "playwright-core";

interface TruthGlobals {
  longestStale: number;
}

/**
 * Watches the first view of a page, of a process that prints all the time, from
 * inside the page.
 */
export class Truth {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async watch(page: Page): Promise<Truth> {
    await page.evaluate(() => {
      const globals = globalThis as unknown as TruthGlobals;
      globals.longestStale = 0;
      let [seen, at] = ["", performance.now()];
      setInterval(() => {
        const view = document.querySelector<HTMLElement>(".process-widget");
        const lines = view?.querySelectorAll<HTMLElement>(".pw-line") ?? [];
        const line = [...lines].at(-1)?.innerText ?? "";
        const now = performance.now();
        if (line !== seen) [seen, at] = [line, now];
        if (view?.dataset.link !== "ready") return;
        globals.longestStale = Math.max(globals.longestStale, now - at);
      }, 50);
    });
    return new Truth(page);
  }

  /** The longest time that the view showed the same as current, in ms. */
  longestStale(): Promise<number> {
    return this.#page.evaluate(() =>
      (globalThis as unknown as TruthGlobals).longestStale
    );
  }
}
