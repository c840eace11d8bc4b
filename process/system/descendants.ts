import { type ProcStat, readPids, readProcStat } from "./proc.ts";

/** A process of a family. */
export interface Member extends ProcStat {
  /** Its pid. */
  readonly pid: number;
}

/**
 * Finds a process and its descendants in `/proc`.
 *
 * `/proc` tells of each process its parent, and only some kernels tell its
 * children. So the parent of every process has to be known; but it is read only
 * of those that are new. A look costs one listing of `/proc`, and one small
 * file for each new process of the machine and each of the family.
 */
export class Family {
  #parents = new Map<number, number>();

  /** The process and its descendants that are alive now; empty if it is not. */
  async read(root: number): Promise<Member[]> {
    await this.#update();
    const pids = this.#descendants(root);
    const stats = await Promise.all(pids.map(readProcStat));
    return stats.flatMap((stat, at) => {
      if (stat === null || "ZXx".includes(stat.state)) return [];
      return { ...stat, pid: pids[at] };
    });
  }

  async #update(): Promise<void> {
    const known = this.#parents;
    const pids = await readPids();
    this.#parents = new Map();
    await Promise.all(pids.map(async (pid) => {
      const parent = known.get(pid) ?? (await readProcStat(pid))?.parent;
      if (parent !== undefined) this.#parents.set(pid, parent);
    }));
  }

  #descendants(root: number): number[] {
    const children = Map.groupBy(
      this.#parents.keys(),
      (pid) => this.#parents.get(pid)!,
    );
    const found = [root];
    for (const pid of found) found.push(...children.get(pid) ?? []);
    return found;
  }
}
