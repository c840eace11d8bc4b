import type { ProcessUsage } from "../process/snapshot.ts";

/**
 * What a process took of the machine at a moment: when that was (epoch
 * seconds), CPU per cent (100 is one core; null when not known) and bytes of
 * memory.
 */
export type UsageSample = readonly [
  time: number,
  cpuPercent: number | null,
  memoryBytes: number,
];

/** How far back a history reaches, in seconds. */
const SPAN = 120;
/** The least time between two samples, in seconds, with room for a late tick. */
const SPACING = 0.9;

/** The samples of the last two minutes, however often it is looked. */
export class UsageHistory {
  #samples: readonly UsageSample[] = [];

  /**
   * Takes over a look; the samples up to it, oldest first. While there is
   * nothing to measure they stay as they are, and none is added.
   *
   * @param now Epoch milliseconds.
   */
  add(now: number, usage: ProcessUsage | null): readonly UsageSample[] {
    const time = Math.round(now / 100) / 10;
    const last = this.#samples.at(-1)?.[0] ?? -Infinity;
    if (usage === null || Math.abs(time - last) < SPACING) return this.#samples;
    const sample: UsageSample = [time, usage.cpuPercent, usage.memoryBytes];
    const young = this.#samples.filter(([at]) =>
      at > time - SPAN && at <= time
    );
    this.#samples = [...young, Object.freeze(sample)];
    return this.#samples;
  }
}
