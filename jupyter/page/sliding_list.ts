/** Follows the list traits of a model that are sent as patches. */

import type { AnyModel } from "anywidget/types";

/** How a sliding list changed: it begins at `first`; from `start` on its items are `items`. */
export interface ListChange<T> {
  readonly first: number;
  readonly start: number;
  readonly items: readonly T[];
}

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

interface Patch<T> {
  readonly start: number;
  readonly items: readonly T[];
}

/** Reports the list and each change of it, applying patches to the model's array. */
export function followList<T extends object, K extends keyof T & string>(
  model: AnyModel<T>,
  list: K,
  first: keyof T & string,
  onChange: (change: ListChange<ItemOf<T[K]>>) => void,
): void {
  type Item = ItemOf<T[K]>;
  const untyped = model as unknown as AnyModel<Record<string, unknown>>;
  const read = () => ({
    items: untyped.get(list) as Item[],
    first: untyped.get(first) as number,
    patch: untyped.get(`${list}_patch`) as Patch<Item> | undefined,
  });
  let seen = read();
  onChange({ first: seen.first, start: seen.first, items: [...seen.items] });
  const update = () => {
    const now = read();
    const { items, patch } = now;
    const before = seen;
    if (
      now.first === before.first && items === before.items &&
      patch === before.patch
    ) return;
    seen = now;
    if (patch && patch !== before.patch && items === before.items) {
      items.splice(0, now.first - before.first);
      items.length = Math.min(items.length, patch.start - now.first);
      for (const item of patch.items) items.push(item);
      onChange({ first: now.first, start: patch.start, items: patch.items });
    } else {
      onChange({ first: now.first, start: now.first, items: [...items] });
    }
  };
  for (const trait of [list, first, `${list}_patch`]) {
    untyped.on(`change:${trait}`, update);
  }
}
