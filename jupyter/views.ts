/** How many views of a widget there are, in how many pages. */
export class Views {
  readonly #pages = new Map<string, number>();
  #told = false;

  /** All views of all pages. */
  get count(): number {
    return this.#pages.values().reduce((sum, views) => sum + views, 0);
  }

  /** Whether any page has ever told of its views. */
  get told(): boolean {
    return this.#told;
  }

  /** A page has so many views now. */
  set(page: string, views: number): void {
    if (views > 0) this.#told = true;
    if (views > 0) this.#pages.set(page, views);
    else this.#pages.delete(page);
  }
}
