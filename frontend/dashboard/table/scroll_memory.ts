/** Remembers how far a table is scrolled when its page is loaded again. */

import type { TableLayout } from "./layout.ts";

/** Stores the position of a table under a key: as a row, which may move. */
export function storePosition(
  key: string,
  layout: TableLayout,
  top: number,
): void {
  const index = layout.indexAt(top);
  const id = layout.ids[index];
  const position = { id, offset: top - layout.topOf(index), top };
  try {
    sessionStorage.setItem(key, JSON.stringify(position));
  } catch {
    // Some pages have no storage, or a full one.
  }
}

/** Returns how far a table must scroll for its stored position, or null if there
 * is none. */
export function recallPosition(
  key: string,
  layout: TableLayout,
): number | null {
  try {
    const stored = sessionStorage.getItem(key);
    if (stored === null) return null;
    const { id, offset, top } = JSON.parse(stored);
    const index = layout.indexOf(id);
    return index === -1 ? Number(top) : layout.topOf(index) + Number(offset);
  } catch {
    return null;
  }
}
