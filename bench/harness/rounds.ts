/** Compares costs in several rounds, so that noise hits all of them alike. */
import process from "node:process";
import { isProfiling } from "./profiling.ts";
import { median } from "./statistics.ts";

/** What is compared, by name. */
type Subjects<K extends string, T> = Record<K, () => Promise<T>>;

/** How often to measure. */
export interface RoundOptions {
  /** Number of rounds. Default: 15. */
  rounds?: number;
  /** Number of calls per subject and round. Default: 1. */
  calls?: number;
}

/** Returns the CPU time that this program has used, on all its threads, in µs. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Returns the median CPU time of one call of each subject, in µs. */
export function compareCpu<K extends string>(
  subjects: Subjects<K, unknown>,
  options?: RoundOptions,
): Promise<Record<K, number>> {
  return compareBy(cpuTime, subjects, options);
}

/** Returns the median duration of one call of each subject, in ms. */
export function compareTime<K extends string>(
  subjects: Subjects<K, unknown>,
  options?: RoundOptions,
): Promise<Record<K, number>> {
  return compareBy(() => performance.now(), subjects, options);
}

/**
 * Returns the median of what each subject returns. They take turns; the first
 * round warms up and does not count. A profile leaves out the one named "floor".
 */
export async function compare<K extends string>(
  subjects: Subjects<K, number>,
  { rounds = 15 }: Pick<RoundOptions, "rounds"> = {},
): Promise<Record<K, number>> {
  const names = (Object.keys(subjects) as K[])
    .filter((name) => !(isProfiling && name === "floor"));
  const costs = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const cost = await subjects[name]();
      if (round > 0) costs.get(name)!.push(cost);
    }
  }
  const medians = names.map((name) => [name, median(costs.get(name)!)]);
  return Object.fromEntries(medians);
}

function compareBy<K extends string>(
  read: () => number,
  subjects: Subjects<K, unknown>,
  { rounds, calls = 1 }: RoundOptions = {},
): Promise<Record<K, number>> {
  const measured = Object.entries<() => Promise<unknown>>(subjects).map(
    ([name, subject]) => [name, async () => {
      const before = read();
      for (let call = 0; call < calls; call++) await subject();
      return (read() - before) / calls;
    }],
  );
  return compare(Object.fromEntries(measured), { rounds });
}
