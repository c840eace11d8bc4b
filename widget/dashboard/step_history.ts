import type { ProcessUsage } from "../../process/system/usage.ts";
import type { UsageSample } from "../usage_history.ts";

/** How far back the history reaches, in seconds. */
const SPAN = 120;

/** Minimum time between two samples that are kept, in seconds. */
const SPACING = 4;

/** Memory is rounded to these bytes (64 KiB): less cannot be seen. */
const MEMORY_STEP = 65_536;

/**
 * Keeps the usage of the last two minutes as steps: each sample holds until the
 * next one, and one like the last is not kept. So the history of an idle process
 * does not change.
 */
export class StepHistory {
  #samples: readonly UsageSample[] = Object.freeze([]);

  /** The samples, oldest first; the last one is the current usage. */
  get samples(): readonly UsageSample[] {
    return this.#samples;
  }

  /**
   * Adds a measurement; null ends the history.
   *
   * @param now Epoch milliseconds.
   */
  add(now: number, usage: ProcessUsage | null): void {
    if (usage === null) {
      if (this.#samples.length > 0) this.#samples = Object.freeze([]);
      return;
    }
    const memory = Math.round(usage.memoryBytes / MEMORY_STEP) * MEMORY_STEP;
    const last = this.#samples.at(-1);
    // The first measurement after a pause has no CPU usage.
    const cpu = usage.cpuPercent ?? last?.[1] ?? null;
    if (last?.[1] === cpu && last[2] === memory) return;
    const time = Math.round(now / 100) / 10;
    this.#append([time, cpu, memory]);
  }

  #append(sample: UsageSample): void {
    const [time] = sample;
    // If the clock was set back, what is later than now is wrong.
    const kept = this.#samples.filter(([at]) => at <= time);
    const [previous, last] = [kept.at(-2), kept.at(-1)];
    if (previous && last && last[0] - previous[0] < SPACING) kept.pop();
    // The sample before the span holds at its start.
    const start = kept.findLastIndex(([at]) => at <= time - SPAN);
    this.#samples = Object.freeze([
      ...kept.slice(Math.max(start, 0)),
      Object.freeze(sample),
    ]);
  }
}
