import type { Clock } from "../../poller.ts";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0;
  #calls: { at: number; fn: () => void }[] = [];

  /** How many calls are waiting. */
  get pending(): number {
    return this.#calls.length;
  }

  now(): number {
    return this.#now;
  }

  schedule(fn: () => void, ms: number): () => void {
    const call = { at: this.#now + ms, fn };
    this.#calls.push(call);
    return () => this.#calls = this.#calls.filter((other) => other !== call);
  }

  /** Sets the time without calling anything, as a correction does. */
  jump(ms: number): void {
    this.#now += ms;
    // Real timers run by another clock, which does not jump.
    for (const call of this.#calls) call.at += ms;
  }

  /** Lets time pass, and everything happen that is due by then. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#calls.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      this.#calls = this.#calls.filter((call) => call !== next);
      next.fn();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets every promise that can go on, go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
