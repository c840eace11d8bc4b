import type { Page } from "playwright-core";

/** Finds the parts of a widget in a page. */
export class Widget {
  readonly #page: Page;
  readonly #index: number;

  constructor(page: Page, index: number) {
    this.#page = page;
    this.#index = index;
  }

  get root() {
    return this.#page.locator(".process-widget").nth(this.#index);
  }

  fact(name: string) {
    return this.root.locator(`[data-fact="${name}"]`);
  }

  log(stream: "stdout" | "stderr") {
    return this.root.locator(`[data-stream="${stream}"]`);
  }

  lines(stream: "stdout" | "stderr" = "stdout") {
    return this.log(stream).locator(".pw-line");
  }

  notice(kind: string) {
    return this.root.locator(`[data-notice="${kind}"]`);
  }

  /** Returns the status that the widget shows. */
  status(): Promise<string | null> {
    return this.root.getAttribute("data-status");
  }

  /** Waits until the widget shows this status. */
  async hasStatus(status: string, timeout: number): Promise<void> {
    await this.#page.locator(".process-widget").nth(this.#index).and(
      this.#page.locator(`[data-status="${status}"]`),
    ).waitFor({ timeout });
  }

  /** Waits until the widget shows this connection to its kernel. */
  async hasConnection(state: string, timeout: number): Promise<void> {
    await this.root.and(this.#page.locator(`[data-connection="${state}"]`))
      .waitFor({ timeout });
  }

  /** Waits until a log shows this text. */
  async shows(text: string, timeout: number): Promise<void> {
    await this.lines().filter({ hasText: text }).first().waitFor({ timeout });
  }
}
