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
 * @returns The processes that were ended.
 * @throws {Error} If some of them cannot be ended.
 */
export async function terminateProcess(
  directory: ProcessDirectory,
  graceMs: number,
): Promise<StoppedProcess[]> {
  const options = { processDir: directory.path, graceMs };
  const root = await directory.findRunning();
  if (root === null) return await terminateTree(null, options);
  await directory.writeStopMarker(root.pid, graceMs);
  let stopped: StoppedProcess[];
  try {
    stopped = await terminateTree(root, options);
  } catch (error) {
    await directory.removeStopMarker();
    throw error;
  }
  if (!await directory.waitUntilExitRecorded()) {
    // Started by another system, or its supervisor was killed.
    const signal = stopped.find(({ pid }) => pid === root.pid)?.signal ?? null;
    await directory.recordExit({
      pid: root.pid,
      createTime: root.startTime,
      code: null,
      signal,
      exitedAt: Date.now(),
      reason: "terminated",
    });
  }
  return stopped;
}

/**
 * Terminates a process tree, guarding against pid reuse: SIGTERM to the
 * descendants and then to the process; after the grace period, SIGKILL to those
 * that are left. Searches for new descendants until there are none.
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
  const tree = new DescendantFinder(root, processDir, table);
  const stopped = new Map<string, StoppedProcess>();
  const end = (signal: EndSignal, timeoutMs: number) =>
    signalUntilEnded(tree, table, signal, timeoutMs, stopped);
  if (graceMs > 0 && await end("SIGTERM", graceMs)) {
    return [...stopped.values()];
  }
  if (await end("SIGKILL", KILL_MS)) return [...stopped.values()];
  const left = tree.members.map(({ pid }) => pid).join(", ");
  throw new ReasonError(
    `the processes ${left} outlive SIGKILL: see what they wait for with 'ps -o pid,stat,wchan'`,
  );
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

/** Signals each member once, until none is left; returns whether none is, in time. */
async function signalUntilEnded(
  tree: DescendantFinder,
  table: ProcessTable,
  signal: EndSignal,
  timeoutMs: number,
  stopped: Map<string, StoppedProcess>,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  const signaled = new Set<string>();
  let nextSearch = -Infinity;
  while (true) {
    const now = performance.now();
    await tree.prune();
    if (now >= nextSearch || tree.members.length === 0) {
      await tree.search();
      nextSearch = performance.now() + SEARCH_MS;
      if (tree.members.length === 0) return true;
    }
    for (const member of tree.members) {
      const key = `${member.pid} ${member.startTicks ?? member.startTime}`;
      if (signaled.has(key)) continue;
      signaled.add(key);
      if (!await table.signal(member, signal)) continue;
      const name = "name" in member ? member.name : null;
      stopped.set(key, { pid: member.pid, name, signal });
    }
    if (now >= deadline) return false;
    await delay(CHECK_MS);
  }
}
