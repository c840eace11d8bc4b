/** A log as its reader sees it, kept up to date line by line. */

import type { ListPatch } from "../list_patch.ts";
import { Terminal } from "../terminal/terminal.ts";
import type { Rows } from "./rows.ts";

/**
 * Turns the last lines of a log into rows, as a terminal would. What a change
 * costs depends on the lines that are new.
 */
export class LogBook {
  #terminal = new Terminal();
  /** How many lines were printed, and how many of them are still in the log. */
  #printed = 0;
  #kept = 0;
  #rows: Rows = { first: 0, list: [] };

  /** The rows now: another object each time that they change. */
  get rows(): Rows {
    return this.#rows;
  }

  /** Takes over how its lines changed. */
  apply({ drop, keep, items }: ListPatch<string>): void {
    if (items.length === 0 && drop === 0 && keep === this.#kept) return;
    const stayed = this.#kept - drop;
    const grown = keep === stayed - 1 && items.length > 0;
    if (stayed > 0 && (keep === stayed || grown)) {
      this.#terminal.forget(this.#printed - stayed);
      if (grown) this.#terminal.reprint(items[0]);
      this.#print(grown ? items.slice(1) : items);
    } else {
      this.#startOver();
      this.#print(items);
    }
    this.#kept = keep + items.length;
    const { first, rows } = this.#terminal;
    this.#rows = { first, list: rows.slice() };
  }

  #print(lines: readonly string[]): void {
    this.#terminal.print(lines);
    this.#printed += lines.length;
  }

  /** Rows go on being numbered: what a reader holds must not seem to be these. */
  #startOver(): void {
    const { first, rows } = this.#terminal;
    this.#terminal = new Terminal(first + rows.length);
    this.#printed = 0;
  }
}
