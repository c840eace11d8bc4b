/** Sorts rows by a column. */

import type { Column, Sorting } from "../../../widget/dashboard/traits.ts";
import { cpuOf, type Entries, type Entry, memoryOf } from "./entries.ts";
import { STATUSES } from "./filter.ts";
import { lastTextOf } from "./last_line.ts";

/** What is compared; null if unknown. */
type Key = number | string | null;

const KEYS: Record<Exclude<Column, "name">, (entry: Entry) => Key> = {
  status: ({ row }) =>
    row.status === "unknown" ? null : STATUSES.indexOf(row.status),
  pid: ({ row }) => row.pid,
  // Whoever started last has the shortest uptime.
  uptime: ({ row }) => row.started_at === null ? null : -row.started_at,
  // Other statuses than "healthy" precede it, as they need attention.
  health: ({ row: { health_status: status } }) =>
    status === null ? null : status === "healthy" ? "1" : `0${status}`,
  cpu: cpuOf,
  memory: memoryOf,
  output: ({ row }) => lastTextOf(row).trim().toLowerCase() || null,
  exit: ({ row }) => row.pid === null ? row.exited_at : null,
};

/** The columns whose first click sorts by the largest value. */
const LARGEST_FIRST: readonly Column[] = ["cpu", "memory", "uptime", "exit"];

/** The initial sorting. */
export const BY_NAME: Sorting = { column: "name", descending: false };

/** Returns the sorting after a click on the header of a column. */
export function toggleSorting(before: Sorting, column: Column): Sorting {
  const descending = before.column === column
    ? !before.descending
    : LARGEST_FIRST.includes(column);
  return { column, descending };
}

/**
 * Returns entries in the order of a column. Equal ones are sorted by name, and
 * those without a value are last in both directions.
 *
 * @param byName The entries, sorted by name.
 */
export function sorted(
  byName: Entries,
  { column, descending }: Sorting,
): Entries {
  if (column === "name") return descending ? byName.toReversed() : byName;
  const keyOf = KEYS[column];
  const keyed = byName.map((entry) => ({ entry, key: keyOf(entry) }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      return Number(a.key === null) - Number(b.key === null);
    }
    return a.key < b.key ? -sign : a.key > b.key ? sign : 0;
  });
  return keyed.map(({ entry }) => entry);
}
