/** Selects and counts the rows that a filter lets through. */

import type { Filter, Row } from "../../../widget/dashboard/traits.ts";
import { commandLine } from "../../card_view.ts";
import type { Entries } from "./entries.ts";
import { lastTextOf } from "./last_line.ts";

type Status = Row["status"];

/** The type checker requires each status. */
const RANKS: Record<Status, true> = {
  failed: true,
  unhealthy: true,
  suspended: true,
  running: true,
  pending: true,
  stopped: true,
  unknown: true,
};

/** All statuses: those that need attention first. */
export const STATUSES = Object.keys(RANKS) as readonly Status[];

/** Lets every row through. */
export const NO_FILTER: Filter = { text: "", statuses: [] };

/** Returns whether a filter hides anything. */
export function isFiltering({ text, statuses }: Filter): boolean {
  return text.trim() !== "" || statuses.length > 0;
}

/** Returns the entries that a filter lets through. */
export function filtered(entries: Entries, filter: Filter): Entries {
  if (!isFiltering(filter)) return entries;
  const text = filter.text.trim().toLowerCase();
  return entries.filter(({ row }) =>
    (filter.statuses.length === 0 || filter.statuses.includes(row.status)) &&
    (text === "" || searchTextOf(row).includes(text))
  );
}

const searchTexts = new WeakMap<Row, string>();

/** Returns what a row is searched for, in lower case. */
function searchTextOf(row: Row): string {
  let text = searchTexts.get(row);
  if (text === undefined) {
    text = [
      row.name,
      row.pid,
      commandLine(row.command ?? []),
      row.health_status,
      row.health_message,
      lastTextOf(row),
    ].join("\n").toLowerCase();
    searchTexts.set(row, text);
  }
  return text;
}

/** Counts the entries of each status. */
export function countStatuses(entries: Entries): ReadonlyMap<Status, number> {
  const counts = new Map<Status, number>();
  for (const { row } of entries) {
    counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
  }
  return counts;
}
