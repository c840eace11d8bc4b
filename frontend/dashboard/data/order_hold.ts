/** Holds the order of rows while the reader is busy with one of them. */

import type { RowId } from "../../../widget/dashboard/traits.ts";

/**
 * How long the order is held after the pointer moved or a key was pressed within
 * the rows, in milliseconds: enough to aim at a button, too short to be misled.
 * Reading takes longer, so there is no limit within an expanded row.
 */
export const HOLD_MS = 3000;

/**
 * Returns `sorted` in the order of `held`. Those that are not in `held` follow
 * the one that precedes them when sorted.
 */
export function holdOrder<T extends { readonly id: RowId }>(
  held: readonly RowId[],
  sorted: readonly T[],
): T[] {
  const known = new Set(held);
  const byId = new Map<RowId, T>();
  const added = new Map<RowId | null, T[]>();
  let previous: RowId | null = null;
  for (const item of sorted) {
    if (known.has(item.id)) {
      byId.set(item.id, item);
      previous = item.id;
    } else {
      const siblings = added.get(previous);
      if (siblings) siblings.push(item);
      else added.set(previous, [item]);
    }
  }
  const result = added.get(null) ?? [];
  for (const id of held) {
    const item = byId.get(id);
    if (item) result.push(item, ...added.get(id) ?? []);
  }
  return result;
}
