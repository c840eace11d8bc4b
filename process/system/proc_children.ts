/** Finds out which processes have which children, from Linux's `/proc`. */
import { groupByParent } from "./descendants.ts";
import type { ProcStat } from "./proc_stat.ts";

/**
 * How long pids are remembered between two calls, in milliseconds. One is assigned
 * again only after all others, which takes longer.
 */
const MAX_GAP_MS = 10_000;

/** Number of processes to read before other code gets its turn: about 1 ms. */
const BATCH = 200;

/**
 * Keeps the children of all processes up to date.
 *
 * `/proc` shows the parent of each process, but only some kernels show its
 * children. So parents are read, once for each new process, and all pids are
 * only listed when a process was started since.
 */
export class ProcChildren {
  readonly #readStat: (pid: number) => ProcStat | null;
  #parents = new Map<number, number>();
  #children: ReadonlyMap<number, readonly number[]> = new Map();
  /** When it was called last, on the monotonic clock. */
  #calledAt = -Infinity;
  #forgottenAt = -Infinity;
  #lastPid: number | null = null;
  #isCorrected = false;

  /** @param readStat Reads the state of a process; null if it has exited. */
  constructor(readStat: (pid: number) => ProcStat | null) {
    this.#readStat = readStat;
  }

  /** Returns the pids of each parent's children; some may have exited since. */
  async read(): Promise<ReadonlyMap<number, readonly number[]>> {
    // Before listing: what is started meanwhile is found the next time.
    const lastPid = readLastPid();
    const before = this.#lastPid;
    const now = performance.now();
    const isNumbered = before !== null && lastPid !== null;
    // Once pids start over, they may have been those of earlier processes.
    const isSure = isNumbered
      ? lastPid >= before && now - this.#calledAt < MAX_GAP_MS
      : now - this.#forgottenAt < MAX_GAP_MS;
    this.#calledAt = now;
    if (!isSure) {
      this.#forgottenAt = now;
      this.#parents = new Map();
    }
    if (!isSure || !isNumbered || lastPid !== before) await this.#list();
    else if (!this.#isCorrected) return this.#children;
    this.#lastPid = lastPid;
    this.#isCorrected = false;
    return this.#children = groupByParent(this.#parents);
  }

  /**
   * Corrects the parent of a process: it changes when a parent exits, or when a
   * pid is assigned again.
   */
  correct(pid: number, parent: number): void {
    if (this.#parents.get(pid) === parent) return;
    this.#parents.set(pid, parent);
    this.#isCorrected = true;
  }

  async #list(): Promise<void> {
    const known = this.#parents;
    const parents = new Map<number, number>();
    let unknown = 0;
    for (const pid of readPids()) {
      let parent = known.get(pid);
      if (parent === undefined) {
        if (++unknown % BATCH === 0) await nextTurn();
        parent = this.#readStat(pid)?.parent;
      }
      if (parent !== undefined) parents.set(pid, parent);
    }
    this.#parents = parents;
  }
}

/** Lists all pids that `/proc` shows. */
export function readPids(): number[] {
  const pids: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    const pid = Number(name);
    if (pid > 0) pids.push(pid);
  }
  return pids;
}

/**
 * Reads the pid that was assigned last in this pid namespace, from which it shows
 * whether a process was started: see proc_loadavg(5).
 *
 * @returns Null where it cannot be relied on: sandboxes report 0, and containers
 * may replace the file by one that is updated less often.
 */
function readLastPid(): number | null {
  try {
    const path = "/proc/loadavg";
    const isReplaced = Deno.statSync(path).dev !== Deno.statSync("/proc").dev;
    const pid = Number(Deno.readTextFileSync(path).trimEnd().split(" ").at(-1));
    return isReplaced || !(pid > 0) ? null : pid;
  } catch {
    return null;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
