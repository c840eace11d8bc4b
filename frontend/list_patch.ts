/** What changed in a list that slides over something growing, like a log. */

/**
 * How a list became another: so many items left at its start, so many that
 * followed stayed, and others came behind them.
 */
export interface ListPatch<T = unknown> {
  /** How many items left at the start. */
  readonly drop: number;
  /** How many of the rest stayed. */
  readonly keep: number;
  /** What comes behind them. */
  readonly items: readonly T[];
}

/**
 * The patch between two lists that are the ends of one growing list: the one
 * with the fewest items dropped that explains how one became the other. The
 * last item of `before` may have grown meanwhile, if it is a string. Items are
 * the same if they are identical.
 *
 * Takes time proportional to the number of items.
 */
export function patchBetween<T>(
  before: readonly T[],
  after: readonly T[],
): ListPatch<T> {
  const drop = droppedItems(before, after);
  const kept = before.length - drop;
  const keep = kept > 0 && before.at(-1) !== after[kept - 1] ? kept - 1 : kept;
  return { drop, keep, items: after.slice(keep) };
}

/** The list after a patch. */
export function applyPatch<T>(
  list: readonly T[],
  { drop, keep, items }: ListPatch<T>,
): T[] {
  return [...list.slice(drop, drop + keep), ...items];
}

/** How many items at the start of `before` are no longer in `after`. */
function droppedItems<T>(before: readonly T[], after: readonly T[]): number {
  if (before.length === 0) return 0;
  const tail = before.length - 1;
  const borders = bordersOf(after);
  // Knuth, Morris and Pratt: `kept` items that end at the tail, and start `after`.
  let kept = 0;
  for (let at = 0; at < tail; at++) {
    while (kept > 0 && after[kept] !== before[at]) kept = borders[kept - 1];
    if (after[kept] === before[at]) kept++;
  }
  while (!hasGrown(before[tail], after[kept])) {
    if (kept === 0) return before.length;
    kept = borders[kept - 1];
  }
  return tail - kept;
}

/** Whether an item can have become another. */
function hasGrown<T>(item: T, later: T | undefined): boolean {
  return item === later ||
    typeof item === "string" && typeof later === "string" &&
      later.startsWith(item);
}

/** For each start of a list, how long its longest proper start is that also ends it. */
function bordersOf(list: readonly unknown[]): number[] {
  const borders = list.length > 0 ? [0] : [];
  for (let end = 1, border = 0; end < list.length; end++) {
    while (border > 0 && list[border] !== list[end]) {
      border = borders[border - 1];
    }
    if (list[border] === list[end]) border++;
    borders.push(border);
  }
  return borders;
}
