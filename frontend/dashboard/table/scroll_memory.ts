/** Remembers how far a table is scrolled when its page is loaded again. */

import type { TableLayout } from "./layout.ts";

/** How long positions are collected until they are stored, in milliseconds. */
const STORE_MS = 200;

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Stores the position of a table under a key, soon: as a row, which may move. */
export function storePosition(
  key: string,
  layout: TableLayout,
  top: number,
): void {
  clearTimeout(timers.get(key));
  const timer = setTimeout(() => {
    timers.delete(key);
    const index = layout.indexAt(top);
    const id = layout.ids[index];
    const position = { id, offset: top - layout.topOf(index), top };
    try {
      sessionStorage.setItem(key, JSON.stringify(position));
    } catch {
      // Some pages have no storage, or a full one.
    }
  }, STORE_MS);
  timers.set(key, timer);
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
