import { isRunning, type ProcessIdentity } from "./identity.ts";
import type { ProcessTableOptions } from "./identity.ts";
import { readTable, type TableRow } from "./process_table.ts";

/**
 * A process with all that came of it, as long as it is alive.
 *
 * To the tree belong, as they are found:
 * - the children of its members, whatever session or process group they are in;
 * - the sessions that its members lead, which holds those whose parent died;
 * - processes whose environment names its process directory, which holds those
 *   that left the session before their parent died (`/proc` only).
 *
 * Once found, a member is known by its pid and start, so it stays one when its
 * parent dies, and a later owner of its pid never becomes one.
 */
export class ProcessTree {
  readonly #processDir: string | null;
  readonly #options: ProcessTableOptions;
  readonly #members = new Map<number, TableRow | ProcessIdentity>();
  readonly #sessions = new Set<number>();

  /**
   * @param root The process at its root, or null when it is gone and only what
   * came of it is looked for.
   * @param processDir The process directory, where there is one.
   * @param options Where to look for processes.
   */
  constructor(
    root: ProcessIdentity | null,
    processDir: string | null,
    options: ProcessTableOptions = {},
  ) {
    this.#processDir = processDir;
    this.#options = options;
    if (root !== null) this.#members.set(root.pid, root);
  }

  /** Those that were alive when last looked at, children before their parents. */
  get members(): readonly (TableRow | ProcessIdentity)[] {
    return [...this.#members.values()].toReversed();
  }

  /** Drops those that are gone. */
  async prune(): Promise<void> {
    await Promise.all(
      [...this.#members].map(async ([pid, member]) => {
        if (await isRunning(member, this.#options)) return;
        this.#members.delete(pid);
      }),
    );
  }

  /**
   * Looks for new members in the whole process table, and drops those that are
   * gone.
   *
   * @throws {Error} If the process table cannot be read.
   */
  async grow(): Promise<void> {
    const rows = await readTable(this.#options);
    await this.prune();
    this.#forgetSessions(rows);
    // Each round finds a generation more.
    for (let size = -1; size !== this.#members.size;) {
      size = this.#members.size;
      for (const row of rows) if (this.#isNew(row)) this.#add(row);
    }
  }

  #isNew(row: TableRow): boolean {
    const known = this.#members.get(row.pid);
    if (known !== undefined) {
      if (isSame(known, row) && !("parent" in known)) this.#add(row);
      return false;
    }
    // A tree that holds the kernel itself must not take it along.
    if (row.pid === Deno.pid || row.pid === 1) return false;
    return this.#members.has(row.parent) || this.#sessions.has(row.session) ||
      this.#processDir !== null && row.processDir === this.#processDir;
  }

  #add(row: TableRow): void {
    this.#members.set(row.pid, row);
    if (row.session === row.pid) this.#sessions.add(row.pid);
  }

  /** The id of a session that has ended can become a stranger's. */
  #forgetSessions(rows: readonly TableRow[]): void {
    for (const session of this.#sessions) {
      const leader = rows.find(({ pid }) => pid === session);
      const ours = leader === undefined
        ? rows.some((row) => row.session === session)
        : this.#members.has(session);
      if (!ours) this.#sessions.delete(session);
    }
  }
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.startTicks === null || b.startTicks === null ||
    a.startTicks === b.startTicks;
}
