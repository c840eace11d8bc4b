/** The lists of a model that travel as patches, kept whole in the page. */

import type { AnyModel } from "anywidget/types";
import { type ListPatch, patchBetween } from "./list_patch.ts";

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

/**
 * Keeps a list trait whole, and tells of each change. A short list comes as it
 * is, a long one as `<trait>_patch`.
 *
 * Patches go into the very list that the model holds: later views and a
 * notebook that is saved find it whole. Setting the trait instead would mark it
 * as changed by the page, to be sent back to the kernel.
 */
export function followList<T extends object, K extends keyof T & string>(
  model: AnyModel<T>,
  trait: K,
  onPatch: (patch: ListPatch<ItemOf<T[K]>>) => void,
): void {
  type Item = ItemOf<T[K]>;
  const patched = model as unknown as AnyModel<Record<string, unknown>>;
  const read = () => patched.get(trait) as Item[];
  let known = read();
  onPatch({ drop: 0, keep: 0, items: known });
  patched.on(`change:${trait}`, () => {
    const patch = patchBetween(known, read());
    known = read();
    onPatch(patch);
  });
  patched.on(`change:${trait}_patch`, () => {
    const patch = patched.get(`${trait}_patch`) as ListPatch<Item>;
    known.splice(0, patch.drop);
    known.length = Math.min(known.length, patch.keep);
    for (const item of patch.items) known.push(item);
    onPatch(patch);
  });
}
