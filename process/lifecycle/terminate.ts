import { delay } from "@std/async";
import type { ProcessDirectory } from "../directory/process_directory.ts";
import { ReasonError } from "../files/reading.ts";
import { DescendantFinder } from "../system/descendants.ts";
import type { EndSignal, ProcessIdentity } from "../system/identity.ts";
import { localProcessTable } from "../system/local_process_table.ts";
import type { ProcessTable } from "../system/process_table.ts";

/** Default time from SIGTERM to SIGKILL, in milliseconds. */
export const DEFAULT_GRACE_MS = 5000;

/** How long processes may take to exit after SIGKILL, in milliseconds. */
const KILL_MS = 5000;

/** How long processes of another user may take to exit after their parents, in
 * milliseconds. */
const REFUSED_MS = 500;

/** How often the known processes are checked, in milliseconds. */
const CHECK_MS = 20;

/** How often the process table is searched for new descendants, in milliseconds. */
const SEARCH_MS = 250;

/** A process that was ended. */
export interface StoppedProcess {
  /** The pid that it had. */
  readonly pid: number;
  /** The name of its program, or null if unknown. */
  readonly name: string | null;
  /** The last signal that it was sent. */
  readonly signal: "SIGTERM" | "SIGKILL";
}

/** Options of {@linkcode terminateTree}. */
export interface TerminateTreeOptions {
  /** The path of the process directory, if there is one. */
  processDir?: string;
  /** Milliseconds from SIGTERM to SIGKILL. Default 5000. */
  graceMs?: number;
  /** Where to find processes. Default: this machine's process table. */
  table?: ProcessTable;
}

/**
 * Terminates the process of a directory with its descendants, and makes sure
 * that its exit is recorded as requested.
 *
 * A directory that cannot be written, as on a full disk, does not keep it from
 * being terminated.
 *
 * @returns The processes that were ended.
 * @throws {Error} If some of them cannot be ended; the others are.
 */
export async function terminateProcess(
  directory: ProcessDirectory,
  graceMs: number,
): Promise<StoppedProcess[]> {
  const options = { processDir: directory.path, graceMs };
  // The state file of another user could name any process.
  await directory.checkOwner();
  const root = await directory.findToSignal();
  if (root === null) {
    const stopped = await terminateTree(null, options);
    // Optional, as readers know that it is stale.
    await directory.removeStaleState().catch(() => {});
    return stopped;
  }
  // Without the marker, the exit is recorded below.
  await directory.writeStopMarker(root.pid, graceMs).catch(() => {});
  try {
    const stopped = await terminateTree(root, options);
    await recordTerminated(directory, root, stopped);
    return stopped;
  } catch (error) {
    // Others may still run after the process itself has ended.
    if (await localProcessTable.isRunning(root)) {
      await directory.removeStopMarker();
    } else await recordTerminated(directory, root, []);
    throw error;
  }
}

/** Records an exit unless the supervisor does: it may have been killed, or the
 * process may have been started by another system. */
async function recordTerminated(
  directory: ProcessDirectory,
  root: ProcessIdentity,
  stopped: readonly StoppedProcess[],
): Promise<void> {
  if (await directory.waitUntilExitRecorded()) return;
  const signal = stopped.find(({ pid }) => pid === root.pid)?.signal ?? null;
  await directory.recordExit({
    pid: root.pid,
    createTime: root.startTime,
    code: null,
    signal,
    exitedAt: Date.now(),
    reason: "terminated",
    // The process has ended in any case.
  }).catch(() => {});
}

/**
 * Terminates a process tree, guarding against pid reuse: SIGTERM to the
 * descendants and then to the process; after the grace period, SIGKILL to those
 * that are left. Searches for new descendants until there are none. A process
 * that this user may not signal does not protect the others.
 *
 * @param root The process; null if it has exited and only what it left behind
 * is to be ended.
 * @returns The processes that were ended, in the order of their first signals.
 * @throws {ReasonError} If some of them cannot be ended.
 * @throws {Error} If the process table cannot be read.
 */
export async function terminateTree(
  root: ProcessIdentity | null,
  options: TerminateTreeOptions = {},
): Promise<StoppedProcess[]> {
  const { processDir = null, graceMs = DEFAULT_GRACE_MS } = options;
  const { table = localProcessTable } = options;
  const ending = new Ending(
    new DescendantFinder(root, processDir, table),
    table,
  );
  if (graceMs > 0 && await ending.signal("SIGTERM", graceMs)) {
    return ending.stopped;
  }
  if (await ending.signal("SIGKILL", KILL_MS)) return ending.stopped;
  throw new ReasonError(ending.describeLeft());
}

/**
 * Returns a valid grace period unchanged.
 *
 * @throws {RangeError} If it is not a finite number of 0 or more.
 */
export function checkGrace(ms: unknown): number {
  if (typeof ms === "number" && Number.isFinite(ms) && ms >= 0) return ms;
  throw new RangeError(
    `Cannot terminate as 'graceMs' must be 0 or more milliseconds: current value is ${
      Deno.inspect(ms)
    }`,
  );
}

/** Ends the members of a tree. */
class Ending {
  readonly #tree: DescendantFinder;
  readonly #table: ProcessTable;
  readonly #stopped = new Map<string, StoppedProcess>();
  /** Members that this user may not signal. */
  readonly #refused = new Set<string>();

  constructor(tree: DescendantFinder, table: ProcessTable) {
    this.#tree = tree;
    this.#table = table;
  }

  /** The processes that were ended, in the order of their first signals. */
  get stopped(): StoppedProcess[] {
    return [...this.#stopped.values()];
  }

  /**
   * Signals each member once, until none is left.
   *
   * @returns Whether none is left, in time.
   */
  async signal(signal: EndSignal, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    const signaled = new Set<string>();
    let nextSearch = -Infinity;
    let refusedSince = Infinity;
    while (true) {
      const now = performance.now();
      await this.#tree.prune();
      if (now >= nextSearch || this.#tree.members.length === 0) {
        await this.#tree.search();
        nextSearch = performance.now() + SEARCH_MS;
        if (this.#tree.members.length === 0) return true;
      }
      for (const member of this.#tree.members) {
        if (signaled.has(keyOf(member))) continue;
        signaled.add(keyOf(member));
        await this.#signalOne(member, signal);
      }
      if (this.#isRefused) refusedSince = Math.min(refusedSince, now);
      // They may end because their parents have.
      if (now >= Math.min(deadline, refusedSince + REFUSED_MS)) return false;
      await delay(CHECK_MS);
    }
  }

  /** Describes the members that are left, and what to do about them. */
  describeLeft(): string {
    const { members } = this.#tree;
    const foreign = members.filter((one) => this.#refused.has(keyOf(one)));
    const stuck = members.filter((one) => !this.#refused.has(keyOf(one)));
    return [
      ...describe(foreign, [
        "belongs to another user: end it as that user",
        "belong to another user: end them as that user",
      ]),
      ...describe(stuck, [
        "outlives SIGKILL: see what it waits for with 'ps -o pid,stat,wchan'",
        "outlive SIGKILL: see what they wait for with 'ps -o pid,stat,wchan'",
      ]),
    ].join("; ");
  }

  /** Whether only processes are left that this user may not signal. */
  get #isRefused(): boolean {
    return this.#tree.members.every((one) => this.#refused.has(keyOf(one)));
  }

  async #signalOne(
    member: Member,
    signal: EndSignal,
  ): Promise<void> {
    const key = keyOf(member);
    try {
      if (!await this.#table.signal(member, signal)) return;
    } catch (error) {
      if (!(error instanceof ReasonError)) throw error;
      this.#refused.add(key);
      return;
    }
    const name = "name" in member ? member.name : null;
    this.#stopped.set(key, { pid: member.pid, name, signal });
  }
}

/** A process of a tree; its name is known once the table was searched. */
type Member = DescendantFinder["members"][number];

/** Describes processes in the singular or in the plural. */
function describe(
  members: readonly Member[],
  [one, many]: readonly [one: string, many: string],
): string[] {
  const names = members.map((member) =>
    "name" in member ? `${member.pid} (${member.name})` : `${member.pid}`
  );
  if (names.length === 0) return [];
  return names.length === 1
    ? [`process ${names[0]} ${one}`]
    : [`the processes ${names.join(", ")} ${many}`];
}

function keyOf({ pid, startTicks, startTime }: ProcessIdentity): string {
  return `${pid} ${startTicks ?? startTime}`;
}
