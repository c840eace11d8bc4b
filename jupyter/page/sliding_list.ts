import type { AnyModel } from "anywidget/types";
import type { ListPatch, OlderItems } from "../protocol.ts";

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/** How a sliding list changed: it begins at `first`; from `start` on its items
 * are `items`. All numbers are those of items, not positions in the list. */
export interface ListChange<T> {
  readonly first: number;
  readonly start: number;
  readonly items: readonly T[];
  /** Whether these items were added in front, and the others stay. */
  readonly older?: true;
}

/**
 * Receives the list at first, and then each change.
 *
 * @param isAfterGap Whether an earlier change was missed, so that items may be
 * missing.
 */
export type ListListener<T> = (
  change: ListChange<T>,
  isAfterGap: boolean,
) => void;

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

type Older<T> = OlderItems<T> & { readonly items: T[] };

/**
 * Follows a sliding list of a model: applies its patches and reports each
 * change. Call it once for each list of a model, as all views share the list.
 *
 * Some hosts pass on only the latest value of a trait, so that patches get lost.
 * Then the list consists of the items that are certain: those from the next
 * patch on, until the kernel sends the whole list.
 *
 * Of a long list the kernel sends the newest items first, and the older ones in
 * chunks.
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
  onChange: ListListener<ItemOf<T[K]>>,
): FollowedList<ItemOf<T[K]>> {
  type Item = ItemOf<T[K]>;
  const untyped = model as unknown as AnyModel<Record<string, unknown>>;
  const patch = `${list}_patch`;
  const read = (): SlidingTraits<Item> => ({
    items: untyped.get(list) as Item[],
    first: untyped.get(first) as number,
    patch: untyped.get(patch) as ListPatch<Item> | undefined,
  });
  const known = new KnownList<Item>(onChange);

  // A message sets all its traits before the first event: that event reports
  // the whole change, and those that follow find nothing new.
  const update = () => known.update(read());
  update();
  // An equal list emits no event, although its items have other numbers.
  for (const trait of [list, first, patch]) {
    untyped.on(`change:${trait}`, update);
  }
  const older = `${list}_older`;
  untyped.on(`change:${older}`, () => {
    known.prepend(
      untyped.get(older) as Older<Item>,
      untyped.get(first) as number,
    );
  });
  return known;
}

/** The list as the page knows it: consecutive items and the first one's number. */
class KnownList<T> implements FollowedList<T> {
  readonly #onChange: ListListener<T>;
  #first = 0;
  /** The number of the latest change; NaN before the first list. */
  #sequence = NaN;
  items: T[] = [];

  constructor(onChange: ListListener<T>) {
    this.#onChange = onChange;
  }

  get #end(): number {
    return this.#first + this.items.length;
  }

  /** Updates the list and reports how it changed, if it did. */
  update({ items, first, patch }: SlidingTraits<T>): void {
    const { sequence, whole } = patch ?? { sequence: 0, whole: true };
    const isKnown = patch
      ? sequence === this.#sequence
      : items === this.items && first === this.#first;
    if (isKnown) return;
    const isNext = sequence === this.#sequence + 1;
    this.#sequence = sequence;
    if (!patch || whole) {
      const end = patch && patch.start + patch.items.length;
      const from = end === undefined ? first : end - items.length;
      this.#onChange(this.#replace(items, from, first), false);
    } else {
      const isAfterGap = !isNext || patch.start > this.#end;
      this.#onChange(this.#patch(items, first, patch, isNext), isAfterGap);
      // Only this array, which the model saves, contains the patch.
      if (this.items === items) patch.whole = true;
    }
  }

  /** Adds older items in front, and removes them from the model's trait, which
   * need not keep them twice. */
  prepend(older: Older<T>, first: number): void {
    const start = Math.max(older.start, first);
    let items = older.items.splice(0)
      .slice(start - older.start, this.#first - older.start);
    if (start >= this.#first) return;
    // Items between these and the known ones may be missing.
    const isGap = start + items.length < this.#first;
    if (isGap) items = [];
    this.items.unshift(...items);
    this.#first -= items.length;
    const change = { first: this.#first, start: this.#first, items };
    this.#onChange({ ...change, older: true }, isGap);
  }

  /**
   * Replaces the list; the change contains only what was not known.
   *
   * @param from The number of the first of these items. Of those before it, from
   * number `first` on, what is known is kept.
   */
  #replace(items: T[], from: number, first: number): ListChange<T> {
    const start = this.#startOfChange(items, from);
    const begin = start === from
      ? from
      : Math.min(from, Math.max(first, this.#first));
    items.unshift(
      ...this.items.slice(begin - this.#first, from - this.#first),
    );
    this.items = items;
    this.#first = begin;
    return { first: begin, start, items: items.slice(start - begin) };
  }

  /**
   * Applies a patch in place.
   *
   * @param isNext Whether no patch before it was missed.
   */
  #patch(
    list: T[],
    first: number,
    { start, items }: ListPatch<T>,
    isNext: boolean,
  ): ListChange<T> {
    // A model replaces its array with an equal one without an event. Another
    // array is older than the patches that followed it.
    const isEqual = list.length === this.items.length &&
      list.every((item, at) =>
        item === this.items[at] ||
        JSON.stringify(item) === JSON.stringify(this.items[at])
      );
    if (isEqual) this.items = list;
    // A patch that was missed may have changed the last item.
    const isCertain = this.#first <= start &&
      (start < this.#end || isNext && start === this.#end);
    const begin = isCertain ? Math.max(first, this.#first) : start;
    this.items.splice(0, isCertain ? begin - this.#first : Infinity);
    this.items.length = Math.min(this.items.length, start - begin);
    for (const item of items) this.items.push(item);
    this.#first = begin;
    return { first: begin, start, items };
  }

  /** Returns the number of the first item that was not known. Items keep their
   * number, and only the last known one may have changed. */
  #startOfChange(items: readonly T[], first: number): number {
    const last = this.#end - 1;
    const overlaps = this.#first <= first && first <= last &&
      last < first + items.length;
    if (!overlaps) return first;
    return items[last - first] === this.items.at(-1) ? last + 1 : last;
  }
}
