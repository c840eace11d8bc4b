import type { AnyModel } from "anywidget/types";
import { type ListPatch, patchOf } from "../protocol.ts";

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/** How a sliding list changed: it begins at `first`; from `start` on its items
 * are `items`. All numbers are those of items, not positions in the list. */
export interface ListChange<T> {
  readonly first: number;
  readonly start: number;
  readonly items: readonly T[];
}

/** Receives what {@linkcode followList} finds out about a list. */
export interface ListFollower<T> {
  /** Called with the whole list at first, and then with each change. */
  readonly onChange?: (change: ListChange<T>) => void;
  /** Called when a change was missed, so that items may be missing. */
  readonly onGap?: () => void;
}

/** A list that is kept complete. */
export interface FollowedList<T> {
  /** The items that the page has. */
  readonly items: readonly T[];
}

/** The traits of a sliding list, as the model holds them. */
interface SlidingTraits<T> {
  readonly items: T[];
  readonly first: number;
  readonly patch: Writable<ListPatch<T>> | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Follows a sliding list of a model: applies its patches and reports each
 * change. Call it once for each list of a model, as all views share the list.
 *
 * Some hosts pass on only the latest value of a trait, so that patches get lost.
 * Then the list consists of the items that are certain: those from the next
 * patch on, until the kernel sends the whole list.
 *
 * Patches are applied to the array that the model holds, so that later views and
 * a saved notebook find it complete. Setting the trait instead would mark it as
 * changed by the page and send it back to the kernel.
 *
 * @param list The trait that holds the list.
 * @param first The trait that holds the number of its first item.
 */
export function followList<T extends object, K extends keyof T & string>(
  model: AnyModel<T>,
  list: K,
  first: keyof T & string,
  { onChange, onGap }: ListFollower<ItemOf<T[K]>>,
): FollowedList<ItemOf<T[K]>> {
  type Item = ItemOf<T[K]>;
  const untyped = model as unknown as AnyModel<Record<string, unknown>>;
  const read = (): SlidingTraits<Item> => ({
    items: untyped.get(list) as Item[],
    first: untyped.get(first) as number,
    patch: untyped.get(patchOf(list)) as ListPatch<Item> | undefined,
  });
  const known = new KnownList<Item>();

  // A message sets all its traits before the first event: that event reports
  // the whole change, and those that follow find nothing new.
  const update = () => {
    const change = known.update(read());
    if (change) onChange?.(change);
    if (known.takeGap()) onGap?.();
  };

  update();
  // An equal list emits no event, although its items have other numbers.
  for (const trait of [list, first, patchOf(list)]) {
    untyped.on(`change:${trait}`, update);
  }
  return {
    get items() {
      return known.items;
    },
  };
}

/** The list as the page knows it: consecutive items and the first one's number. */
class KnownList<T> {
  #items: T[] = [];
  #first = 0;
  /** The number of the latest change; null before the first list. */
  #sequence: number | null = null;
  #hasGap = false;

  get items(): readonly T[] {
    return this.#items;
  }

  get #end(): number {
    return this.#first + this.#items.length;
  }

  /** Returns whether a change was missed since the last call. */
  takeGap(): boolean {
    const hasGap = this.#hasGap;
    this.#hasGap = false;
    return hasGap;
  }

  /** Updates the list and returns how it changed, or null if it did not. */
  update({ items, first, patch }: SlidingTraits<T>): ListChange<T> | null {
    if (!patch) {
      return this.#isKnown(items, first)
        ? null
        : this.#replace(items, first, 0);
    }
    const { sequence, whole } = patch;
    if (sequence === this.#sequence) return null;
    if (whole) return this.#replace(items, first, sequence);
    const change = this.#patch(items, first, patch);
    // Only this array, which the model saves, contains the patch, and only if
    // no items are missing at its beginning.
    if (this.#items === items && this.#first === first) patch.whole = true;
    return change;
  }

  #isKnown(items: T[], first: number): boolean {
    return this.#sequence !== null && items === this.#items &&
      first === this.#first;
  }

  /** Replaces the whole list; the change contains only what was not known. */
  #replace(items: T[], first: number, sequence: number): ListChange<T> {
    const start = this.#startOfChange(items, first);
    this.#items = items;
    this.#first = first;
    this.#sequence = sequence;
    return { first, start, items: items.slice(start - first) };
  }

  /** Applies a patch in place. */
  #patch(
    list: T[],
    first: number,
    { sequence, start, items }: ListPatch<T>,
  ): ListChange<T> {
    const isNext = this.#sequence !== null && sequence === this.#sequence + 1;
    // A model replaces its array with an equal one without an event. Another
    // array is older than the patches that followed it.
    if (isEqual(list, this.#items)) this.#items = list;
    if (!isNext) this.#hasGap = true;
    // A patch that was missed may have changed the last item.
    const isCertain = start < this.#end || isNext && start === this.#end;
    const begin = isCertain ? Math.max(first, this.#first) : start;
    this.#items.splice(0, isCertain ? begin - this.#first : this.#items.length);
    this.#items.length = Math.min(this.#items.length, start - begin);
    for (const item of items) this.#items.push(item);
    this.#first = begin;
    this.#sequence = sequence;
    return { first: begin, start, items };
  }

  /** Returns the number of the first item that was not known. Items keep their
   * number, and only the last known one may have changed. */
  #startOfChange(items: readonly T[], first: number): number {
    const last = this.#end - 1;
    const overlaps = this.#first <= first && first <= last &&
      last < first + items.length;
    if (!overlaps) return first;
    return items[last - first] === this.#items.at(-1) ? last + 1 : last;
  }
}

/** Compares two lists by content. */
function isEqual<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b ||
    a.length === b.length &&
      a.every((item, at) =>
        item === b[at] || JSON.stringify(item) === JSON.stringify(b[at])
      );
}
