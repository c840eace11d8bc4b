type Listener = (detail: unknown) => void;

/** Event listeners by event name. */
export class Listeners {
  readonly #byEvent = new Map<string, Set<Listener>>();

  /** Adds a listener; adding it again has no effect. */
  add(event: string, listener: unknown): void {
    const listeners = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, listeners.add(listener as Listener));
  }

  /** Removes one listener, or all listeners of the event. */
  remove(event: string, listener?: unknown): void {
    if (listener === undefined) this.#byEvent.delete(event);
    else this.#byEvent.get(event)?.delete(listener as Listener);
  }

  /** Calls all listeners. Errors are printed and do not stop the others. */
  notify(event: string, detail: unknown): void {
    for (const listener of this.#of(event)) {
      try {
        listener(detail);
      } catch (error) {
        console.error(`A listener of '${event}' failed:`, error);
      }
    }
  }

  /** Calls the listeners in order and rethrows the first error. */
  notifyOrThrow(event: string, detail: unknown): void {
    for (const listener of this.#of(event)) listener(detail);
  }

  /** Copies the listeners, as a listener may add or remove others. */
  #of(event: string): Listener[] {
    return [...this.#byEvent.get(event) ?? []];
  }
}
