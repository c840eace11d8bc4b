/** A process tree ended, never a stranger's. */
import { delay } from "@std/async";
import process from "node:process";
import {
  isRunning,
  type ProcessIdentity,
  type ProcessTableOptions,
} from "../system/identity.ts";
import { parseProcStat } from "../system/proc.ts";
import { ReasonError } from "../files/reading.ts";
import { ProcessTree } from "../system/process_tree.ts";

/** How long a tree has to end by itself, unless told, in milliseconds. */
export const DEFAULT_GRACE_MS = 5000;

/** How long SIGKILL may take to be obeyed, in milliseconds. */
const KILL_MS = 5000;

/** How often the members of a tree are looked at, in milliseconds. */
const LOOK_MS = 20;

/** How often the process table is searched for new members, in milliseconds. */
const SEARCH_MS = 250;

/** The signals that end a process: it may clean up, or it may not. */
type EndSignal = StoppedProcess["signal"];

/** A process that was ended. */
export interface StoppedProcess {
  /** The id that it had. */
  readonly pid: number;
  /** The name of its program, or null when that was not seen. */
  readonly name: string | null;
  /** The last signal that it was sent. */
  readonly signal: "SIGTERM" | "SIGKILL";
}

/** Options of {@linkcode terminateTree}. */
export interface TerminateTreeOptions extends ProcessTableOptions {
  /** The process directory, where there is one. */
  processDir?: string;
  /** Milliseconds from SIGTERM to SIGKILL. Default 5000. */
  graceMs?: number;
}

/**
 * Ends a process and all that came of it: SIGTERM to the children, then to it;
 * after the grace, SIGKILL to those that are left. It looks for new members
 * until there are none, and checks right before each signal that the pid is
 * still the same process's.
 *
 * @param root The process; null when it is gone and only what it left behind
 * is to be ended.
 * @returns What was ended, in the order of the first signals.
 * @throws {ReasonError} If some of them cannot be ended; the message says why.
 * @throws {Error} If the process table cannot be read.
 */
export async function terminateTree(
  root: ProcessIdentity | null,
  options: TerminateTreeOptions = {},
): Promise<StoppedProcess[]> {
  const { processDir = null, graceMs = DEFAULT_GRACE_MS } = options;
  const tree = new ProcessTree(root, processDir, options);
  const stopped = new Map<string, StoppedProcess>();
  if (graceMs > 0) {
    const grace = performance.now() + graceMs;
    if (await end(tree, "SIGTERM", grace, stopped, options)) {
      return [...stopped.values()];
    }
  }
  const giveUp = performance.now() + KILL_MS;
  if (await end(tree, "SIGKILL", giveUp, stopped, options)) {
    return [...stopped.values()];
  }
  const left = tree.members.map(({ pid }) => pid).join(", ");
  throw new ReasonError(
    `the processes ${left} outlive SIGKILL: see what they wait for with 'ps -o pid,stat,wchan'`,
  );
}

/** Returns the grace, if it is one: 0 or more milliseconds. */
export function checkGrace(ms: unknown): number {
  if (typeof ms === "number" && Number.isFinite(ms) && ms >= 0) return ms;
  throw new RangeError(
    `Cannot terminate as 'graceMs' must be 0 or more milliseconds: current value is ${
      Deno.inspect(ms)
    }`,
  );
}

/** Signals every member once, until none is left or the time is over. */
async function end(
  tree: ProcessTree,
  signal: EndSignal,
  until: number,
  stopped: Map<string, StoppedProcess>,
  options: ProcessTableOptions,
): Promise<boolean> {
  const signalled = new Set<string>();
  let search = -Infinity;
  while (true) {
    const now = performance.now();
    await tree.prune();
    if (now >= search || tree.members.length === 0) {
      await tree.grow();
      search = performance.now() + SEARCH_MS;
      if (tree.members.length === 0) return true;
    }
    for (const member of tree.members) {
      const key = `${member.pid} ${member.startTicks ?? member.startTime}`;
      if (signalled.has(key)) continue;
      signalled.add(key);
      if (!await sendTo(member, signal, options)) continue;
      const name = "name" in member ? member.name : null;
      stopped.set(key, { pid: member.pid, name, signal });
    }
    if (now >= until) return false;
    await delay(LOOK_MS);
  }
}

/**
 * Signals a process if it is still this one.
 *
 * @returns Whether it was there.
 * @throws {Error} If this user may not signal it.
 */
async function sendTo(
  member: ProcessIdentity,
  signal: EndSignal,
  options: ProcessTableOptions,
): Promise<boolean> {
  if (member.startTicks === null) {
    if (!await isRunning(member, options)) return false;
  } else if (startTicksNow(member.pid) !== member.startTicks) return false;
  try {
    // Nothing is awaited since the check: the pid has had no time to change hands.
    process.kill(member.pid, signal);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ESRCH") return false;
    throw new ReasonError(
      `process ${member.pid} belongs to another user: end it as that user`,
    );
  }
}

/** Null when there is no such process any more. */
function startTicksNow(pid: number): number | null {
  try {
    return parseProcStat(Deno.readTextFileSync(`/proc/${pid}/stat`)).startTicks;
  } catch {
    return null;
  }
}
