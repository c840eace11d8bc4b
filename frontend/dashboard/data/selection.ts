/** Which rows are selected, and what can be requested of them. */

import type { RowControl, RowId } from "../../../widget/dashboard/traits.ts";
import type { Entries, Entry } from "./entries.ts";

/** The selected rows, and where a range begins. */
export interface Selection {
  readonly ids: ReadonlySet<RowId>;
  /** The row that was selected or deselected last, or null. */
  readonly origin: RowId | null;
}

export const NOTHING: Selection = { ids: new Set(), origin: null };

/** Selects a row, or deselects it. */
export function toggle({ ids }: Selection, id: RowId): Selection {
  const result = new Set(ids);
  if (!result.delete(id)) result.add(id);
  return { ids: result, origin: id };
}

/**
 * Selects all rows from the one that was selected last up to `id`, or deselects
 * them if it was deselected last.
 *
 * @param shown The ids of the rows in the order in which they are shown.
 */
export function extend(
  selection: Selection,
  id: RowId,
  shown: readonly RowId[],
): Selection {
  const { origin } = selection;
  const from = origin === null ? -1 : shown.indexOf(origin);
  const to = shown.indexOf(id);
  if (from === -1 || to === -1) return toggle(selection, id);
  const isAdding = selection.ids.has(origin!);
  const ids = new Set(selection.ids);
  for (const one of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (isAdding) ids.add(one);
    else ids.delete(one);
  }
  return { ids, origin };
}

/** Selects all of these rows, or none if all are selected. */
export function toggleAll(
  { ids }: Selection,
  shown: readonly RowId[],
): Selection {
  const all = shown.every((id) => ids.has(id));
  return all ? NOTHING : { ids: new Set(shown), origin: null };
}

/** The controls that are offered in the row and for a selection. */
export const ROW_CONTROLS = [
  "start",
  "restart",
  "terminate",
  "remove",
] as const;

/** A control that is offered in the row and for a selection. */
export type OfferedControl = typeof ROW_CONTROLS[number];

/** Returns whether a control makes sense for a row, and the kernel offers it. */
export function offers({ row }: Entry, control: RowControl): boolean {
  if (!row.controls.includes(control) || row.action?.state === "running") {
    return false;
  }
  const isActive = row.pid !== null || row.status === "pending" ||
    row.status === "running";
  if (control === "start") return !isActive;
  if (control === "clear_logs" || control === "remove") return true;
  return isActive;
}

/** Returns the entries that offer a control. */
export function offering(entries: Entries, control: RowControl): Entries {
  return entries.filter((entry) => offers(entry, control));
}
