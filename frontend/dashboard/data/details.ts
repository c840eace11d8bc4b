/** Follows the processes of the expanded rows. */

import type { AnyModel } from "anywidget/types";
import type { Uplink } from "../../../jupyter/page/uplink.ts";
import type {
  DashboardTraits,
  RowId,
} from "../../../widget/dashboard/traits.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import {
  type Followed,
  followProcess,
  TRAIT_NAMES,
} from "../../card_of_model.ts";
import { SubModel } from "./sub_model.ts";

/** What the card of an expanded row is derived from. */
export interface Detail {
  readonly model: AnyModel<ProcessTraits>;
  readonly followed: Followed;
  /** Increases with every change of the process. */
  readonly version: number;
}

/** A detail and what updates it. */
interface Open extends Detail {
  readonly sub: SubModel;
  version: number;
}

/** The parts of a list that a message may contain. */
const PARTS = ["patch", "older"];

/** The expanded rows of a model, shared by its views. */
export class Details {
  readonly #model: AnyModel<DashboardTraits>;
  readonly #uplink: Uplink | undefined;
  readonly #onChange: () => void;
  readonly #open = new Map<RowId, Open>();

  /** @param onChange Called when a request of a card changes its state. */
  constructor(
    model: AnyModel<DashboardTraits>,
    uplink: Uplink | undefined,
    onChange: () => void,
  ) {
    this.#model = model;
    this.#uplink = uplink;
    this.#onChange = onChange;
  }

  /** Returns what the card of a row needs; undefined until its traits arrive. */
  get(id: RowId): Detail | undefined {
    return this.#open.get(id);
  }

  /** Follows the rows that are expanded and whose traits have arrived, and no
   * others. */
  update(expanded: readonly RowId[]): void {
    for (const [id, { sub }] of this.#open) {
      if (expanded.includes(id) && sub.isReady) continue;
      sub.close();
      this.#open.delete(id);
    }
    for (const id of expanded) {
      if (this.#open.has(id)) continue;
      const sub = new SubModel(this.#model, id);
      if (!sub.isReady) continue;
      const { model } = sub;
      // Lists are followed first, as other listeners find them up to date then.
      const followed = followProcess(model, this.#uplink);
      const open: Open = { sub, model, followed, version: 0 };
      for (const trait of TRAIT_NAMES) {
        for (
          const event of [
            trait,
            ...PARTS.map((part) => `${trait}_${part}`),
          ]
        ) {
          model.on(`change:${event}`, () => open.version++);
        }
      }
      followed.requests.addEventListener("change", () => {
        open.version++;
        this.#onChange();
      });
      this.#open.set(id, open);
    }
  }
}
