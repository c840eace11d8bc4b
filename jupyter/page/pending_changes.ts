import type { AnyModel } from "anywidget/types";
import type { JsonObject } from "../protocol.ts";

/** A value that the kernel has not replied to. */
interface PendingValue {
  value: unknown;
  /** What the kernel has sent instead in the meantime. */
  received?: { readonly value: unknown };
}

/**
 * Keeps the values that a page has set until the kernel replies.
 *
 * The kernel sends every accepted value to all pages, the one that set it
 * included. If a page sets a trait twice in a row, the first value returns after
 * the second was set. Without this it would replace the second, and a counter
 * would lose a click.
 */
export class PendingChanges {
  readonly #model: AnyModel;
  readonly #pending = new Map<string, PendingValue>();
  readonly #observed = new Set<string>();
  #setting = false;

  constructor(model: AnyModel) {
    this.#model = model;
  }

  /** Sets a trait of the page's model. */
  set(trait: string, value: unknown): void {
    this.#setting = true;
    try {
      this.#model.set(trait, value);
    } finally {
      this.#setting = false;
    }
  }

  /** Keeps values that are about to be sent. */
  add(traits: JsonObject): void {
    for (const [trait, value] of Object.entries(traits)) {
      this.#pending.set(trait, { value });
      this.#observe(trait);
    }
  }

  /**
   * Ends keeping values, as the kernel has replied. If it refused them, the page
   * gets back the values that it has sent instead.
   */
  settle(traits: Iterable<string>, accepted: boolean): void {
    for (const trait of traits) {
      const received = this.#pending.get(trait)?.received;
      this.#pending.delete(trait);
      if (!accepted && received) this.set(trait, received.value);
    }
  }

  #observe(trait: string): void {
    if (this.#observed.has(trait)) return;
    this.#observed.add(trait);
    this.#model.on(`change:${trait}`, () => {
      const pending = this.#pending.get(trait);
      if (!pending || this.#setting) return;
      pending.received = { value: this.#model.get(trait) };
      this.set(trait, pending.value);
    });
  }
}
