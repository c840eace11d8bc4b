import type { AnyModel } from "anywidget/types";

/** A model whose kernel is the test. */
export class FakeModel<T extends object> {
  readonly #traits: T;
  readonly #listeners = new Map<string, Set<() => void>>();
  #settle = Promise.withResolvers<void>();
  /** The messages sent to the kernel. */
  readonly sent: unknown[] = [];
  /** Number of calls of `save_changes`. */
  saved = 0;

  constructor(traits: T) {
    this.#traits = { ...traits };
  }

  /** The model as a front end receives it. */
  get model(): AnyModel<T> {
    const model = {
      get: (trait: keyof T) => this.#traits[trait],
      set: <K extends keyof T>(trait: K, value: T[K]) =>
        this.receive({ [trait]: value } as unknown as Partial<T>),
      on: (event: string, listener: () => void) => {
        const listeners = this.#listeners.get(event) ?? new Set();
        this.#listeners.set(event, listeners.add(listener));
      },
      off: (event: string, listener: () => void) => {
        this.#listeners.get(event)?.delete(listener);
      },
      save_changes: () => {
        this.saved++;
        return this.#settle.promise;
      },
      send: (content: unknown) => {
        this.sent.push(content);
        return this.#settle.promise;
      },
    };
    return model as unknown as AnyModel<T>;
  }

  /** Receives values from the kernel, as in one message. */
  receive(values: Partial<T> | Record<string, unknown>): void {
    const changed = Object.entries(values).flatMap(([trait, value]) =>
      Object.is(value, this.#traits[trait as keyof T]) ? [] : [trait]
    );
    Object.assign(this.#traits, values);
    for (const trait of changed) this.#emit(`change:${trait}`);
    if (changed.length > 0) this.#emit("change");
  }

  /** Settles the requests that were sent: with an error, if it is given. */
  async settle(error?: Error): Promise<void> {
    const { resolve, reject } = this.#settle;
    this.#settle = Promise.withResolvers();
    if (error) reject(error);
    else resolve();
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** Number of listeners of all events. */
  get listeners(): number {
    return this.#listeners.values().reduce((sum, { size }) => sum + size, 0);
  }

  #emit(event: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}
