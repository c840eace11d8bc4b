/** Everything that the page keeps of a dashboard, shared by its views. */

import type { AnyModel } from "anywidget/types";
import type { Uplink } from "../../../jupyter/page/uplink.ts";
import type {
  DashboardTraits,
  FixedTraits,
} from "../../../widget/dashboard/traits.ts";
import { Actions } from "./actions.ts";
import { Details } from "./details.ts";
import { EntryStore } from "./entries.ts";
import { ViewState } from "./view_state.ts";

/** The data of one model. Emits "change" when any of it changes. */
export class DashboardStore extends EventTarget {
  readonly entries: EntryStore;
  readonly view: ViewState;
  readonly details: Details;
  readonly actions: Actions;
  readonly #model: AnyModel<DashboardTraits>;

  constructor(model: AnyModel<DashboardTraits>, uplink?: Uplink) {
    super();
    this.#model = model;
    const notify = () => this.dispatchEvent(new Event("change"));
    this.entries = new EntryStore(model);
    this.view = new ViewState(model, () => uplink?.available ?? false);
    this.details = new Details(model, uplink, notify);
    this.actions = new Actions(model, this.entries);
    this.actions.addEventListener("change", notify);
    this.details.update(this.view.expanded);
    // A message changes several traits at once and is followed by a single
    // "change", but by one "change:<trait>" for each of them.
    model.on("change", () => {
      if (this.entries.update()) this.actions.update();
      this.details.update(this.view.expanded);
      notify();
    });
  }

  /** Returns a trait of the dashboard. */
  get<T extends keyof FixedTraits>(trait: T): FixedTraits[T] {
    return this.#model.get(trait);
  }
}
