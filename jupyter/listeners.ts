type Listener = (detail: unknown) => void;

/** Who wants to know of which event. */
export class Listeners {
  readonly #byEvent = new Map<string, Set<Listener>>();

  /** Adds one; one that is there already stays once. */
  add(event: string, listener: unknown): void {
    const listeners = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, listeners.add(listener as Listener));
  }

  /** Removes one; without it, all of the event. */
  remove(event: string, listener?: unknown): void {
    if (listener === undefined) this.#byEvent.delete(event);
    else this.#byEvent.get(event)?.delete(listener as Listener);
  }

  /** Tells all of them. What one throws is printed, and stops nothing. */
  tell(event: string, detail: unknown): void {
    for (const listener of this.#of(event)) {
      try {
        listener(detail);
      } catch (error) {
        console.error(`A listener of '${event}' failed:`, error);
      }
    }
  }

  /** Tells them one after the other until one throws, and throws that. */
  hand(event: string, detail: unknown): void {
    for (const listener of this.#of(event)) listener(detail);
  }

  /** A copy, as a listener may add and remove listeners. */
  #of(event: string): Listener[] {
    return [...this.#byEvent.get(event) ?? []];
  }
}
