/** Searches a log for a text. */

import { useMemo, useState } from "preact/hooks";
import type { Row } from "../terminal/row.ts";
import type { Rows } from "./log_store.ts";
import type { Span } from "./pieces.ts";

/** One occurrence of the text. */
export interface Match {
  /** Number of the row. */
  readonly row: number;
  /** Index among the matches in that row. */
  readonly nth: number;
}

/** Finds a text regardless of case. Each row is searched once. */
export class Search {
  readonly #pattern: RegExp;
  readonly #found = new WeakMap<Row, readonly Span[]>();

  /** @param text The text to find; not empty. */
  constructor(text: string) {
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");
    this.#pattern = new RegExp(literal, "giu");
  }

  /** Returns the matches in one row. */
  in(row: Row): readonly Span[] {
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

  /** Returns the matches in all rows. */
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

/** The state of a search box. */
export interface SearchState {
  readonly text: string;
  /** The search, or null while the text is empty. */
  readonly search: Search | null;
  /** Number of matches. */
  readonly count: number;
  /** The match that the reader is at, or null. */
  readonly current: Match | null;
  /** Index of that match among all, or -1. */
  readonly index: number;
  readonly setText: (text: string) => void;
  /** Moves to the next or previous match, wrapping around. */
  readonly step: (by: 1 | -1) => void;
}

/** Searches `rows`, and calls `onMove` with each match that the reader moves to. */
export function useSearch(
  rows: Rows,
  onMove: (match: Match) => void,
): SearchState {
  const [text, setText] = useState("");
  const [current, setCurrent] = useState<Match | null>(null);
  const search = useMemo(() => text ? new Search(text) : null, [text]);
  const matches = useMemo(() => search?.matches(rows) ?? [], [search, rows]);
  const index = current === null
    ? -1
    : matches.findIndex((match) =>
      match.row === current.row && match.nth === current.nth
    );

  const moveTo = (match: Match | undefined) => {
    setCurrent(match ?? null);
    if (match) onMove(match);
  };
  return {
    text,
    search,
    count: matches.length,
    current,
    index,
    setText(text) {
      setText(text);
      // Readers of a log most likely want the latest match.
      moveTo(text ? new Search(text).matches(rows).at(-1) : undefined);
    },
    step(by) {
      const from = index === -1 && by === -1 ? 0 : index;
      moveTo(matches.at((from + by) % (matches.length || 1)));
    },
  };
}
