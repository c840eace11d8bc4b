/** Finds the descendants of processes. */
import {
  isSameProcess,
  type ProcessIdentity,
  ProtectedError,
} from "./identity.ts";
import type { ProcessEntry, ProcessTable } from "./process_table.ts";

/** Groups `[pid, parent]` pairs into the pids of each parent's children. */
export function groupByParent(
  parents: Iterable<readonly [pid: number, parent: number]>,
): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  return children;
}

/** Returns the roots and all their descendants, parents before children. */
export function withDescendants(
  roots: Iterable<number>,
  children: ReadonlyMap<number, readonly number[]>,
): number[] {
  const found = new Set(roots);
  // A set iterates over what is added on the way, too.
  for (const pid of found) {
    for (const child of children.get(pid) ?? []) found.add(child);
  }
  return [...found];
}

/** Returns the pids of a process, its ancestors, and the first process. */
function ancestorsOf(
  pid: number,
  entries: readonly ProcessEntry[],
): ReadonlySet<number> {
  const parents = new Map(entries.map(({ pid, parent }) => [pid, parent]));
  const found = new Set([1]);
  for (let at: number | undefined = pid; at && !found.has(at);) {
    found.add(at);
    at = parents.get(at);
  }
  return found;
}

/**
 * Tracks a process and its descendants while they are ending.
 *
 * A process is a descendant if, when it is found,
 * - its parent is one, whatever its session or process group,
 * - its session is led by one, which covers those whose parent has exited, or
 * - its environment names the process directory, which covers those that left
 *   the session before their parent exited (`/proc` only).
 *
 * Once found it stays one when its parent exits, and a later owner of its pid
 * never becomes one.
 */
export class DescendantFinder {
  readonly #processDir: string | null;
  readonly #table: ProcessTable;
  readonly #members = new Map<number, ProcessEntry | ProcessIdentity>();
  readonly #sessions = new Set<number>();

  /**
   * @param root The ancestor, or null if it has exited and only what it left
   * behind is searched for.
   * @param processDir Its process directory, if it has one.
   */
  constructor(
    root: ProcessIdentity | null,
    processDir: string | null,
    table: ProcessTable,
  ) {
    this.#processDir = processDir;
    this.#table = table;
    if (root !== null) this.#members.set(root.pid, root);
  }

  /** The members known to be alive, children before their parents. */
  get members(): readonly (ProcessEntry | ProcessIdentity)[] {
    return [...this.#members.values()].toReversed();
  }

  /** Drops members that have exited. */
  async prune(): Promise<void> {
    await Promise.all(
      [...this.#members].map(async ([pid, member]) => {
        if (await this.#table.isRunning(member)) return;
        this.#members.delete(pid);
      }),
    );
  }

  /**
   * Searches the process table for new members, and drops those that have
   * exited.
   *
   * @throws {ProtectedError} If a member is this program, or one it runs in.
   * @throws {Error} If the process table cannot be read.
   */
  async search(): Promise<void> {
    const entries = await this.#table.list();
    await this.prune();
    this.#forgetSessions(entries);
    const ancestors = ancestorsOf(Deno.pid, entries);
    for (const { pid } of this.members) {
      if (ancestors.has(pid)) throw new ProtectedError(pid);
    }
    // Must not include the kernel that is searching, nor what it runs in.
    const others = entries.filter(({ pid }) => !ancestors.has(pid));
    this.#identify(others);
    const byPid = new Map(others.map((entry) => [entry.pid, entry]));
    const children = groupByParent(
      others.map(({ pid, parent }) => [pid, parent]),
    );
    // A new member may lead a session, whose processes are members as well.
    for (let size = -1; size !== this.#members.size;) {
      size = this.#members.size;
      const roots = others.filter((entry) => this.#belongs(entry));
      const found = withDescendants(roots.map(({ pid }) => pid), children);
      for (const pid of found) this.#add(byPid.get(pid)!);
    }
  }

  #belongs({ pid, session, processDir }: ProcessEntry): boolean {
    return this.#members.has(pid) || this.#sessions.has(session) ||
      this.#processDir !== null && processDir === this.#processDir;
  }

  /** Completes members of which only the identity is known. */
  #identify(entries: readonly ProcessEntry[]): void {
    for (const entry of entries) {
      const member = this.#members.get(entry.pid);
      if (!member || "parent" in member) continue;
      if (isSameProcess(member, entry)) this.#set(entry);
    }
  }

  #add(entry: ProcessEntry): void {
    if (!this.#members.has(entry.pid)) this.#set(entry);
  }

  #set(entry: ProcessEntry): void {
    this.#members.set(entry.pid, entry);
    if (entry.session === entry.pid) this.#sessions.add(entry.pid);
  }

  /** A session id can be reused once the session has no processes left. */
  #forgetSessions(entries: readonly ProcessEntry[]): void {
    for (const session of this.#sessions) {
      const leader = entries.find(({ pid }) => pid === session);
      const ours = leader === undefined
        ? entries.some((entry) => entry.session === session)
        : this.#members.has(session);
      if (!ours) this.#sessions.delete(session);
    }
  }
}
