/** Sends the requests of views to the kernel, one at a time. */

import type { AnyModel } from "anywidget/types";
import type { Control } from "../../widget/controls.ts";
import type { ProcessTraits } from "../../widget/traits.ts";

/** What a request is for: a control of the kernel, or the settings. */
export type RequestName = Control | "settings";

/** The state of the last request. */
export interface RequestState {
  /** The request that the kernel has not settled yet, or null. */
  readonly waiting: RequestName | null;
  /** Why the kernel refused the last request, or null. */
  readonly refusal: string | null;
}

const IDLE: RequestState = { waiting: null, refusal: null };

/** The traits that views may change. */
type Changeable = Pick<
  ProcessTraits,
  "polling_active" | "polling_interval" | "lines"
>;

const CHANGEABLE = ["polling_active", "polling_interval", "lines"] as const;

/**
 * The requests of all views of one model, which settle when the kernel accepts
 * or refuses them: the model's `send` and `save_changes` return promises, as long
 * as its messages reach the kernel. A `"change"` event reports each new
 * {@linkcode state}.
 */
export class Requests extends EventTarget {
  readonly #model: AnyModel<ProcessTraits>;
  #confirmed = {} as Changeable;
  #state = IDLE;
  /** Whether a change of the model is made by the page. */
  #changing = false;

  constructor(model: AnyModel<ProcessTraits>) {
    super();
    this.#model = model;
    this.#confirm(CHANGEABLE);
    for (const trait of CHANGEABLE) {
      model.on(`change:${trait}`, () => {
        if (!this.#changing) this.#confirm([trait]);
      });
    }
  }

  /** The state of the last request. */
  get state(): RequestState {
    return this.#state;
  }

  /**
   * The changeable traits as the kernel last confirmed them. Changing a trait
   * changes the page's model at once, but the kernel may not have it yet, and
   * may refuse it.
   */
  get confirmed(): Readonly<Changeable> {
    return this.#confirmed;
  }

  /** Sends a control for the kernel to carry out. */
  async invoke(control: Control): Promise<void> {
    await this.#send(control, () => this.#model.send({ control }));
  }

  /** Changes traits in the page and in the kernel. */
  async change(
    name: RequestName,
    values: Partial<Changeable>,
  ): Promise<void> {
    const traits = CHANGEABLE.filter((trait) => trait in values);
    await this.#send(name, async () => {
      this.#changing = true;
      try {
        for (const trait of traits) this.#model.set(trait, values[trait]!);
      } finally {
        this.#changing = false;
      }
      await this.#model.save_changes();
      this.#confirm(traits);
    });
  }

  /** Sends a request unless another one is waiting, and follows it. */
  async #send(name: RequestName, send: () => unknown): Promise<void> {
    if (this.#state.waiting) return;
    this.#setState({ waiting: name, refusal: null });
    try {
      await send();
      this.#setState(IDLE);
    } catch (error) {
      const refusal = error instanceof Error ? error.message : String(error);
      this.#setState({ waiting: null, refusal });
    }
  }

  #confirm(traits: readonly (keyof Changeable)[]): void {
    for (const trait of traits) {
      const value = this.#model.get(trait);
      this.#confirmed = { ...this.#confirmed, [trait]: value };
    }
  }

  #setState(state: RequestState): void {
    this.#state = state;
    this.dispatchEvent(new Event("change"));
  }
}
