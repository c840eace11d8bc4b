import type { AnyModel } from "anywidget/types";

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/** How a sliding list changed: it begins at `first`; from `start` on its items
 * are `items`. All numbers are those of items, not positions in the list. */
export interface ListChange<T> {
  readonly first: number;
  readonly start: number;
  readonly items: readonly T[];
}

/** The trait `<list>_patch`: items from number `start` on replace what the page
 * had from there on. */
interface ListPatch<T> {
  readonly start: number;
  readonly items: readonly T[];
}

/** The traits of a sliding list, as the model holds them. */
interface SlidingTraits<T> {
  readonly items: T[];
  readonly first: number;
  readonly patch: ListPatch<T> | undefined;
}

/**
 * Follows a sliding list of a model: keeps the list trait complete and reports
 * each change, beginning with the whole list. Call it once for each list of a
 * model, as all views share the list.
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
  onChange: (change: ListChange<ItemOf<T[K]>>) => void,
): void {
  type Item = ItemOf<T[K]>;
  const untyped = model as unknown as AnyModel<Record<string, unknown>>;
  const patch = `${list}_patch`;
  const read = (): SlidingTraits<Item> => ({
    items: untyped.get(list) as Item[],
    first: untyped.get(first) as number,
    patch: untyped.get(patch) as ListPatch<Item> | undefined,
  });
  let traits = read();
  const known = new KnownList<Item>();

  // A message sets all its traits before the first event: that event reports
  // the whole change, and those that follow find nothing new.
  const update = () => {
    const before = traits;
    traits = read();
    const replaced = traits.items !== before.items;
    if (!replaced && traits.patch && traits.patch !== before.patch) {
      onChange(known.apply(traits.patch, traits.first));
    } else if (replaced || traits.first !== before.first) {
      onChange(known.replace(traits.items, traits.first));
    }
  };

  onChange(known.replace(traits.items, traits.first));
  // An equal list emits no event, although its items have other numbers.
  for (const trait of [list, first, patch]) {
    untyped.on(`change:${trait}`, update);
  }
}

/** The list as the page knows it: consecutive items and the first one's number. */
class KnownList<T> {
  #items: T[] = [];
  #first = 0;

  get #end(): number {
    return this.#first + this.#items.length;
  }

  /** Takes over a whole list; of what it shares with the known one, nothing is
   * reported. */
  replace(items: T[], first: number): ListChange<T> {
    const start = this.#startOfChange(items, first);
    this.#items = items;
    this.#first = first;
    return { first, start, items: items.slice(start - first) };
  }

  /** Applies a patch in place. */
  apply({ start, items }: ListPatch<T>, first: number): ListChange<T> {
    // After a lost patch, items before this one are missing until the kernel
    // sends the whole list.
    const gap = start > this.#end;
    const begin = gap ? start : Math.max(first, this.#first);
    this.#items.splice(0, gap ? this.#items.length : begin - this.#first);
    this.#items.length = Math.min(this.#items.length, start - begin);
    for (const item of items) this.#items.push(item);
    this.#first = begin;
    return { first: begin, start, items };
  }

  /** Items keep their number, and only the last one may have changed. */
  #startOfChange(items: readonly T[], first: number): number {
    const last = this.#end - 1;
    const overlaps = this.#first <= first && first <= last &&
      last < first + items.length;
    if (!overlaps) return first;
    return items[last - first] === this.#items.at(-1) ? last + 1 : last;
  }
}
