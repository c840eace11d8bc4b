import type { Locator, Page } from "playwright-core";

/** Finds the parts of a dashboard in a page. */
export class DashboardView {
  readonly root: Locator;
  readonly #page: Page;

  constructor(page: Page, index = 0) {
    this.#page = page;
    this.root = page.locator(".process-dashboard").nth(index);
  }

  /** The element that scrolls. */
  get table(): Locator {
    return this.root.locator(".pd-table");
  }

  /** The rows that are drawn. */
  get rows(): Locator {
    return this.root.locator(".pd-row");
  }

  /** The row of a process. */
  row(name: string): Locator {
    return this.rows.filter({
      has: this.#page.locator("[data-column=name]")
        .getByText(name, { exact: true }),
    });
  }

  /** A cell in the row of a process. */
  cell(name: string, column: string): Locator {
    return this.row(name).locator(`[data-column="${column}"]`);
  }

  /** The card in the expanded row of a process. */
  card(name: string): Locator {
    return this.root.getByRole("group", { name: `Process ${name}` });
  }

  /** The button for a status above the table. */
  chip(status: string): Locator {
    return this.root.locator(`.pd-chip[data-status="${status}"]`);
  }

  get filter(): Locator {
    return this.root.getByLabel("Filter by text");
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole("button", { name, exact: true });
  }

  /** Waits until a row shows this status. */
  async hasStatus(
    name: string,
    status: string,
    timeout: number,
  ): Promise<void> {
    const { root } = this;
    await this.row(name).and(root.locator(`[data-status="${status}"]`))
      .waitFor({ timeout });
  }

  /** Waits until a process has left the table. */
  async hasNo(name: string, timeout: number): Promise<void> {
    await this.row(name).waitFor({ state: "detached", timeout });
  }

  /** Expands a row, or collapses it. */
  async toggle(name: string): Promise<void> {
    await this.row(name).getByRole("button", { name: `Details of ${name}` })
      .click();
  }

  /** Selects a row, or deselects it. */
  async select(name: string, modifiers: "Shift"[] = []): Promise<void> {
    await this.row(name).getByRole("checkbox").click({ modifiers });
  }

  /** Sorts by a column. */
  async sort(column: string): Promise<void> {
    await this.root.getByRole("columnheader", { name: column })
      .getByRole("button").click();
  }

  /** Returns the names of the rows that are drawn, from top to bottom. */
  async names(): Promise<string[]> {
    return await this.rows.evaluateAll((rows) =>
      rows.map((row) => ({
        top: row.getBoundingClientRect().top,
        name: row.querySelector("[data-column=name]")!.textContent!,
      })).sort((a, b) => a.top - b.top).map(({ name }) => name)
    );
  }

  /** Presses a button that asks first, and confirms. */
  async confirm(name: RegExp): Promise<void> {
    await this.root.getByRole("alertdialog").getByRole("button", { name })
      .click();
  }
}
