/** Keeps the order of the rows while the reader is busy with one of them. */

import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { RowId, Sorting } from "../../../widget/dashboard/traits.ts";
import type { Entries } from "../data/entries.ts";
import { HOLD_MS, holdOrder } from "../data/order_hold.ts";

/** The rows in their order, and what has to observe the reader. */
export interface Order {
  readonly rows: Entries;
  /** Whether the rows may differ from the sorting. */
  readonly isHeld: boolean;
  readonly handlers: {
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDownCapture: (event: KeyboardEvent) => void;
    readonly onFocusIn: (event: FocusEvent) => void;
    readonly onFocusOut: () => void;
  };
}

/** Where the reader is. */
type Zone = "row" | "detail" | null;

/** Returns the order of rows; those that are sorted by name never change theirs. */
export function useOrder(entries: Entries, sort: Sorting): Order {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  const last = useRef<{ ids: readonly RowId[]; sort: Sorting }>({
    ids: [],
    sort,
  });
  const reader = useRef({ pointer: null as Zone, focus: null as Zone, at: 0 });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  const { pointer, focus, at } = reader.current;
  const isActive = pointer === "detail" || focus === "detail" ||
    (pointer ?? focus) !== null && performance.now() - at < HOLD_MS;
  const isSame = last.current.sort.column === sort.column &&
    last.current.sort.descending === sort.descending;
  const isHeld = isActive && isSame && sort.column !== "name";
  const rows = useMemo(
    () => isHeld ? holdOrder(last.current.ids, entries) : entries,
    [isHeld, entries],
  );
  last.current = { ids: rows.map(({ id }) => id), sort };

  /** Renders again as soon as the order is no longer held. */
  const release = () => {
    timer.current = null;
    const wait = reader.current.at + HOLD_MS - performance.now();
    if (wait > 0) timer.current = setTimeout(release, wait);
    else rerender(0);
  };
  const act = () => {
    reader.current.at = performance.now();
    timer.current ??= setTimeout(release, HOLD_MS);
  };
  return {
    rows,
    isHeld,
    handlers: {
      onPointerMove(event) {
        reader.current.pointer = zoneOf(event.target);
        act();
      },
      onPointerLeave() {
        reader.current.pointer = null;
        rerender(0);
      },
      onKeyDownCapture: act,
      onFocusIn(event) {
        reader.current.focus = zoneOf(event.target);
        act();
      },
      onFocusOut() {
        reader.current.focus = null;
      },
    },
  };
}

function zoneOf(target: EventTarget | null): Zone {
  return (target as Element).closest(".pd-detail") ? "detail" : "row";
}
