/** Finding text in a log. */

import type { Row } from "../terminal/row.ts";
import type { Stretch } from "./links.ts";
import type { Rows } from "./rows.ts";

/** Where a text was found. */
export interface Match {
  /** The number of the row. */
  readonly row: number;
  /** Which of the matches in that row. */
  readonly nth: number;
}

/** Looks for one text, whatever its case. Rows are looked at once. */
export class Search {
  readonly #pattern: RegExp;
  readonly #found = new WeakMap<Row, readonly Stretch[]>();

  /** @param text What to look for; not empty. */
  constructor(text: string) {
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");
    this.#pattern = new RegExp(literal, "giu");
  }

  /** Where it is in a row. */
  in(row: Row): readonly Stretch[] {
    let found = this.#found.get(row);
    if (!found) {
      found = Array.from(
        row.text.matchAll(this.#pattern),
        ({ 0: { length }, index }) => ({ start: index, end: index + length }),
      );
      this.#found.set(row, found);
    }
    return found;
  }

  /** All places where it is. */
  matches({ first, list }: Rows): Match[] {
    const matches: Match[] = [];
    for (const [index, row] of list.entries()) {
      const { length } = this.in(row);
      for (let nth = 0; nth < length; nth++) {
        matches.push({ row: first + index, nth });
      }
    }
    return matches;
  }
}
