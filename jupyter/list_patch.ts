/**
 * The trait `<list>_patch` of a sliding list: its last change.
 *
 * It is absent until the kernel first sends a part of the list instead of the
 * whole.
 */
export interface ListPatch<Item = unknown> {
  /** Counts the changes of this list. A number that was skipped means that the
   * page has missed a change, and it makes each patch differ from the previous
   * one: a model emits no event for an equal patch. */
  readonly sequence: number;
  /** The number of the first item that changed. */
  readonly start: number;
  /** What replaces the items from number `start` on. */
  readonly items: readonly Item[];
  /** Whether the list trait contains this change: the kernel has sent the whole
   * list, or the page has applied the patch to it. */
  readonly whole?: boolean;
}

/** Returns the name of the trait with the patches of a sliding list. */
export function patchOf(list: string): string {
  return list + "_patch";
}
