import type { ProcessUsage } from "../process/system/usage.ts";

/**
 * The usage of a process at one moment: epoch seconds, CPU in percent of one
 * core (null if unknown), and memory in bytes.
 */
export type UsageSample = readonly [
  time: number,
  cpuPercent: number | null,
  memoryBytes: number,
];

/** Samples and the number of the first of them. */
export interface NumberedSamples {
  /** The number of the first sample: samples are numbered from 0. */
  readonly first: number;
  /** The samples, oldest first. */
  readonly samples: readonly UsageSample[];
}

/** How far back the history reaches, in seconds. */
const SPAN = 120;
/** Minimum time between two samples, in seconds, with room for a late tick. */
const SPACING = 0.9;

/** Keeps the usage samples of the last two minutes, at most one per second. */
export class UsageHistory {
  #first = 0;
  #samples: readonly UsageSample[] = [];

  /**
   * Adds a sample and returns the history; unchanged if there is nothing to add.
   *
   * @param now Epoch milliseconds.
   */
  add(now: number, usage: ProcessUsage | null): NumberedSamples {
    const time = Math.round(now / 100) / 10;
    const last = this.#samples.at(-1)?.[0] ?? -Infinity;
    if (usage !== null && Math.abs(time - last) >= SPACING) {
      this.#append([time, usage.cpuPercent, usage.memoryBytes]);
    }
    return { first: this.#first, samples: this.#samples };
  }

  #append(sample: UsageSample): void {
    const [time] = sample;
    const before = this.#samples;
    // A clock that is set back drops samples from the end, whose numbers must
    // not be used again: the rest gets new ones.
    const isSetBack = time < (before.at(-1)?.[0] ?? -Infinity);
    const ended = isSetBack ? before.filter(([at]) => at <= time) : before;
    const start = ended.findIndex(([at]) => at > time - SPAN);
    const kept = start < 0 ? [] : ended.slice(start);
    this.#first += isSetBack ? before.length : before.length - kept.length;
    kept.push(Object.freeze(sample));
    this.#samples = Object.freeze(kept);
  }
}
