/** Presents the traits of one expanded row as the model of a process. */

import type { AnyModel } from "anywidget/types";
import type {
  DashboardTraits,
  RowId,
} from "../../../widget/dashboard/traits.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";

/** The traits that are lists. */
const LIST = /_(lines|history)$|^(streams|controls)$/;

/**
 * A model whose traits are those of a dashboard that begin with the id of a row,
 * so that everything that displays a process can display a row. What it sends
 * names the row.
 */
export class SubModel {
  readonly #model: AnyModel<DashboardTraits>;
  readonly #id: RowId;
  readonly #listeners: [event: string, listener: () => void][] = [];

  constructor(model: AnyModel<DashboardTraits>, id: RowId) {
    this.#model = model;
    this.#id = id;
  }

  /** Whether the kernel has sent the traits. */
  get isReady(): boolean {
    return this.#read("status") != null;
  }

  /** The model as the card expects it. */
  get model(): AnyModel<ProcessTraits> {
    const model = {
      get: (trait: string) => this.#read(trait) ?? defaultOf(trait),
      // A row has no traits that views may change.
      set: () => {},
      save_changes: () => {},
      on: (event: string, listener: () => void) => this.#on(event, listener),
      off: (event?: string | null, listener?: (() => void) | null) =>
        this.#off(event, listener),
      send: (content: object) =>
        this.#model.send({ ...content, ids: [this.#id] }),
    };
    return model as unknown as AnyModel<ProcessTraits>;
  }

  /** Removes all listeners. */
  close(): void {
    this.#off();
  }

  #read(trait: string): unknown {
    return this.#model.get(`${this.#id}/${trait}` as keyof DashboardTraits);
  }

  #on(event: string, listener: () => void): void {
    const name = this.#eventOf(event);
    this.#listeners.push([name, listener]);
    this.#model.on(name, listener);
  }

  #off(event?: string | null, listener?: (() => void) | null): void {
    const name = event && this.#eventOf(event);
    for (const one of this.#listeners.splice(0)) {
      const isMeant = (!name || one[0] === name) &&
        (!listener || one[1] === listener);
      if (isMeant) this.#model.off(...one);
      else this.#listeners.push(one);
    }
  }

  #eventOf(event: string): string {
    return event.replace(/^change:/, `change:${this.#id}/`);
  }
}

/** Returns the value of a trait that is null or absent: an empty list, or 0. */
function defaultOf(trait: string): unknown {
  if (LIST.test(trait)) return [];
  return trait.endsWith("_first") ? 0 : null;
}
