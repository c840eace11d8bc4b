/** A search through the rows of a pane, and where in it the reader is. */

import { useMemo, useState } from "preact/hooks";
import type { Rows } from "./rows.ts";
import { type Match, Search } from "./search.ts";

/** What a search box needs. */
export interface SearchState {
  readonly text: string;
  readonly search: Search | null;
  /** How many matches there are. */
  readonly count: number;
  /** The match that the reader is at, or null, and its place among all. */
  readonly current: Match | null;
  readonly index: number;
  readonly setText: (text: string) => void;
  /** Goes so many matches on, from the last to the first. */
  readonly step: (by: 1 | -1) => void;
}

/** Searches rows; `onMove` is called with each match that is gone to. */
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
      // The newest one is what a reader of a log is most likely after.
      moveTo(text ? new Search(text).matches(rows).at(-1) : undefined);
    },
    step(by) {
      const from = index === -1 && by === -1 ? 0 : index;
      moveTo(matches.at((from + by) % (matches.length || 1)));
    },
  };
}
