import type { Clock } from "../../widget/clock.ts";

/** A clock that only moves when a test moves it. */
export class FakeClock implements Clock {
  #now = 0;
  #calls: { at: number; fn: () => void }[] = [];

  phase?: () => number;

  /** The number of scheduled calls. */
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

  /** Moves the time without running any call, as a clock correction does. */
  jump(ms: number): void {
    this.#now += ms;
    // Real timers use another clock, which does not jump.
    for (const call of this.#calls) call.at += ms;
  }

  /** Advances the time by `ms` and runs all calls that become due. */
  async advance(ms: number): Promise<void> {
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

/** Waits until promises that are ready to continue have done so. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
