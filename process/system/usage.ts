/** What a process and its descendants take of the machine. */
import { Family } from "./descendants.ts";
import type { ProcessTableOptions } from "./identity.ts";
import { readPageSize, TICKS_PER_SECOND } from "./proc.ts";
import { readPsUsage } from "./ps_usage.ts";
import type { ProcessUsage } from "../snapshot.ts";

/** What one process has taken so far. */
export interface Consumption {
  /** Tells it from the next owner of its pid. */
  readonly id: string;
  /** The time it had of the processors, in seconds. */
  readonly cpuSeconds: number;
  /** The memory it holds, in bytes. */
  readonly memoryBytes: number;
}

/**
 * Measures a process and its descendants, look by look.
 *
 * A descendant that came and went between two looks is not seen. One whose
 * parent has ended belongs to nobody.
 */
export class UsageMeter {
  readonly #consumptions: (pid: number) => Promise<readonly Consumption[]>;
  #pid: number | null = null;
  #before: Map<string, number> | null = null;
  #at = 0;

  /**
   * Measures nothing yet.
   *
   * @param options Where to look for processes.
   */
  constructor(options: ProcessTableOptions = {}) {
    const table = options.table ?? (Deno.build.os === "linux" ? "proc" : "ps");
    this.#consumptions = table === "ps" ? readPsFamily : procFamily();
  }

  /**
   * What a process takes now; null when it is not running or cannot be seen.
   * Never rejects.
   */
  async read(pid: number | null): Promise<ProcessUsage | null> {
    if (pid !== this.#pid) this.#before = null;
    this.#pid = pid;
    if (pid === null) return null;
    try {
      const now = performance.now();
      const family = await this.#consumptions(pid);
      if (family.length === 0) return null;
      return this.#compare(family, now);
    } catch {
      // A machine that does not tell is no error of the process.
      return null;
    }
  }

  #compare(family: readonly Consumption[], now: number): ProcessUsage {
    const before = this.#before;
    const seconds = (now - this.#at) / 1000;
    this.#before = new Map(
      family.map(({ id, cpuSeconds }) => [id, cpuSeconds]),
    );
    this.#at = now;
    const used = family.map(({ id, cpuSeconds }) =>
      Math.max(0, cpuSeconds - (before?.get(id) ?? 0))
    );
    const percent = 100 * sum(used) / seconds;
    return {
      // Two looks at once would tell nothing but the coarseness of the clock.
      cpuPercent: before && seconds > 0.01
        ? Math.round(percent * 10) / 10
        : null,
      memoryBytes: sum(family.map(({ memoryBytes }) => memoryBytes)),
    };
  }
}

/** Reads a family from `/proc`. */
function procFamily(): (pid: number) => Promise<Consumption[]> {
  const family = new Family();
  let pageSize: number | null = null;
  return async (pid) => {
    pageSize ??= await readPageSize();
    const bytes = pageSize;
    const members = await family.read(pid);
    return members.map(({ pid, cpuTicks, startTicks, residentPages }) => ({
      id: `${pid}:${startTicks}`,
      cpuSeconds: cpuTicks / TICKS_PER_SECOND,
      memoryBytes: residentPages * bytes,
    }));
  };
}

/** Reads a family from the `ps` program. */
async function readPsFamily(pid: number): Promise<Consumption[]> {
  const table = await readPsUsage();
  const found = table.filter((row) => row.pid === pid);
  for (const { pid: parent } of found) {
    found.push(...table.filter((row) => row.parent === parent));
  }
  return found.map(({ pid, cpuSeconds, memoryBytes }) => ({
    id: String(pid),
    cpuSeconds,
    memoryBytes,
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
