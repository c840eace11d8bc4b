/** Changes the sorting, the filter and the expanded rows, which all views share. */

import type { AnyModel } from "anywidget/types";
import type {
  DashboardTraits,
  FixedTraits,
  RowId,
} from "../../../widget/dashboard/traits.ts";
import { NO_FILTER } from "./filter.ts";
import { BY_NAME } from "./sort.ts";

/** How long changes are collected until they are sent, in milliseconds. */
const SAVE_MS = 250;

/** The traits that views change. */
export type ViewTraits = Pick<FixedTraits, "sort" | "filter" | "expanded">;

/** The view traits of a model. Changes show at once, and are sent afterwards. */
export class ViewState {
  readonly #model: AnyModel<DashboardTraits>;
  readonly #canSave: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param canSave Returns whether the kernel can be reached. */
  constructor(model: AnyModel<DashboardTraits>, canSave: () => boolean) {
    this.#model = model;
    this.#canSave = canSave;
  }

  get sort(): ViewTraits["sort"] {
    return this.#model.get("sort") ?? BY_NAME;
  }

  get filter(): ViewTraits["filter"] {
    return this.#model.get("filter") ?? NO_FILTER;
  }

  get expanded(): ViewTraits["expanded"] {
    return this.#model.get("expanded") ?? NONE;
  }

  /** Changes a trait in this page, and soon in the kernel. */
  set<T extends keyof ViewTraits>(trait: T, value: DashboardTraits[T]): void {
    this.#model.set(trait, value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#canSave()) this.#model.save_changes();
    }, SAVE_MS);
  }

  /**
   * Expands a row, or collapses it. The kernel reads the logs of a limited number
   * of rows: those that were expanded first are collapsed.
   */
  toggleExpanded(id: RowId): void {
    const ids = new Set(this.#model.get("ids"));
    const expanded = this.expanded.filter((one) => one !== id && ids.has(one));
    const isExpanded = this.expanded.includes(id);
    const result = isExpanded ? expanded : [...expanded, id];
    this.set("expanded", result.slice(-MAX_EXPANDED));
  }
}

/** Maximum number of expanded rows. */
const MAX_EXPANDED = 20;

const NONE: readonly RowId[] = [];
