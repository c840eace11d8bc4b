/** CPU and memory usage of a process and its descendants. */
import { withDescendants } from "./descendants.ts";
import type {
  ProcessMeasurement,
  ProcessSample,
  ProcessTable,
} from "./process_table.ts";

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
const MIN_INTERVAL_MS = 10;

/**
 * Measures the usage of one process from sample to sample.
 *
 * A descendant that starts and exits between two samples is missed. One whose
 * parent has exited is not counted.
 */
export class UsageMeter {
  readonly #table: ProcessTable;
  #pid: number | null = null;
  #sample: ProcessSample | null = null;
  #usage: ProcessUsage | null = null;
  /** CPU seconds of each process at the previous sample, by its id. */
  #before: Map<string, number> | null = null;
  #measuredAt = 0;

  constructor(table: ProcessTable) {
    this.#table = table;
  }

  /**
   * Returns what a process uses now; null if it is not running or cannot be
   * measured. Never rejects.
   */
  async read(pid: number | null): Promise<ProcessUsage | null> {
    if (pid !== this.#pid) this.#before = this.#sample = null;
    this.#pid = pid;
    if (pid === null) return null;
    try {
      const sample = await this.#table.sample();
      if (sample === this.#sample) return this.#usage;
      const family = withDescendants([pid], sample.children);
      const measured = onlyFamily(pid, await sample.measure(family));
      this.#sample = sample;
      this.#usage = measured.length === 0 ? null : this.#compare(measured);
      return this.#usage;
    } catch {
      // Missing usage is no error of the process.
      return null;
    }
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
      cpuPercent: before && elapsed > MIN_INTERVAL_MS
        ? Math.round(percent * 10) / 10
        : null,
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
