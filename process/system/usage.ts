/** CPU and memory usage of a process and its descendants. */
import { withDescendants } from "./descendants.ts";
import type { ProcessMeasurement, ProcessTable } from "./process_table.ts";

/** Resources used by a process and its descendants. */
export interface ProcessUsage {
  /**
   * CPU time used since the previous sample, in percent of one core; null in
   * the first sample.
   */
  readonly cpuPercent: number | null;
  /** Resident memory (RSS), in bytes. */
  readonly memoryBytes: number;
}

/** Shorter intervals would measure the resolution of the CPU clock, in ms. */
const MIN_INTERVAL_MS = 50;

/**
 * Measures the usage of one process from sample to sample.
 *
 * A descendant that starts and exits between two samples is missed. One whose
 * parent has exited is not counted.
 */
export class UsageMeter {
  readonly #table: ProcessTable;
  readonly #minIntervalMs: number;
  #pid: number | null = null;
  #usage: ProcessUsage | null = null;
  /** CPU seconds of each process at the previous sample, by its id. */
  #before: Map<string, number> | null = null;
  #measuredAt = -Infinity;

  /** @param minIntervalMs How long a measurement is returned again, in milliseconds. */
  constructor(table: ProcessTable, minIntervalMs = MIN_INTERVAL_MS) {
    this.#table = table;
    this.#minIntervalMs = minIntervalMs;
  }

  /**
   * Returns what a process uses now; null if it is not running or cannot be
   * measured. Calls within 50 ms return the same. Never rejects.
   */
  async read(pid: number | null): Promise<ProcessUsage | null> {
    if (pid !== this.#pid) this.#forget();
    this.#pid = pid;
    if (pid === null) return null;
    if (performance.now() - this.#measuredAt < this.#minIntervalMs) {
      return this.#usage;
    }
    try {
      const sample = await this.#table.sample();
      const family = withDescendants([pid], sample.children);
      const measured = onlyFamily(pid, await sample.measure(family));
      // Where a sample is a copy of the whole table, it does not change.
      if (measured[0]?.measuredAt === this.#measuredAt) return this.#usage;
      this.#usage = measured.length === 0 ? null : this.#compare(measured);
      return this.#usage;
    } catch {
      // Missing usage is no error of the process.
      return null;
    }
  }

  #forget(): void {
    this.#before = this.#usage = null;
    this.#measuredAt = -Infinity;
  }

  #compare(measured: readonly ProcessMeasurement[]): ProcessUsage {
    const before = this.#before;
    const { measuredAt } = measured[0];
    const elapsed = measuredAt - this.#measuredAt;
    this.#measuredAt = measuredAt;
    this.#before = new Map(
      measured.map(({ id, cpuSeconds }) => [id, cpuSeconds]),
    );
    const used = measured.map(({ id, cpuSeconds }) =>
      Math.max(0, cpuSeconds - (before?.get(id) ?? 0))
    );
    const percent = 100 * sum(used) / (elapsed / 1000);
    return {
      cpuPercent: before && Math.round(percent * 10) / 10,
      memoryBytes: sum(measured.map(({ memoryBytes }) => memoryBytes)),
    };
  }
}

/**
 * Leaves out processes whose current parent does not belong to the family: they
 * were given the pid of a descendant that has exited, or lost their parent.
 *
 * @param measured Parents before their children.
 */
function onlyFamily(
  root: number,
  measured: readonly ProcessMeasurement[],
): readonly ProcessMeasurement[] {
  const family = new Set<number>();
  return measured.filter(({ pid, parent }) => {
    const belongs = pid === root || family.has(parent);
    if (belongs) family.add(pid);
    return belongs;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
