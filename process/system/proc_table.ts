import { describeReadFailure } from "../files/reading.ts";
import {
  type EndSignal,
  isPid,
  isSameProcess,
  type LiveProcess,
  pidExists,
  type ProcessIdentity,
  type RunState,
  sendSignal,
} from "./identity.ts";
import { isAlive, parseProcStat, type ProcStat } from "./proc_stat.ts";
import { ProcChildren, readPids } from "./proc_children.ts";
import {
  DIR_VARIABLE,
  type ProcessEntry,
  type ProcessMeasurement,
  type ProcessSample,
  type ProcessTable,
} from "./process_table.ts";
import { MAX_SAMPLE_AGE_MS, SampleCache } from "./sample_cache.ts";

/**
 * Clock ticks per second in `/proc`. The kernel converts to this rate for user
 * space; it is 100 on every architecture that Deno runs on.
 */
export const TICKS_PER_SECOND = 100;

/**
 * The process table in Linux's `/proc`: see proc_pid_stat(5) and proc_stat(5).
 *
 * What is read for each poll is read synchronously: it comes from memory, in a
 * tenth of the time that handing the call to another thread takes.
 */
export class ProcTable implements ProcessTable {
  #listing: Promise<unknown> | null = null;
  #nextListing: Promise<ProcessEntry[]> | null = null;
  readonly #samples: SampleCache;
  readonly #children = new ProcChildren(readStat);
  #checked: Promise<void> | null = null;
  #pageSize: Promise<number> | null = null;

  /** @param maxSampleAgeMs How long callers share a sample, in milliseconds. */
  constructor(maxSampleAgeMs: number = MAX_SAMPLE_AGE_MS) {
    this.#samples = new SampleCache(() => this.#takeSample(), maxSampleAgeMs);
  }

  /** Costs three reads in `/proc`. */
  async find(pid: number): Promise<LiveProcess | null> {
    await (this.#checked ??= checkProc());
    const found = findByTicks(pid);
    if (found === null || found.startTicks === null) return found;
    if (isThread(pid)) return null;
    const startTime = await readBootTime() +
      found.startTicks / TICKS_PER_SECOND;
    return { ...found, startTime };
  }

  /** Costs one read in `/proc`. */
  // deno-lint-ignore require-await -- The interface is asynchronous.
  async recheck(identity: ProcessIdentity): Promise<LiveProcess | null> {
    const found = findByTicks(identity.pid);
    if (found === null || !isSameProcess(found, identity)) return null;
    return { ...found, startTime: identity.startTime };
  }

  async isRunning(identity: ProcessIdentity): Promise<boolean> {
    return await this.recheck(identity) !== null;
  }

  /** Checks and signals without yielding: the pid cannot be reused between. */
  async signal(
    identity: ProcessIdentity,
    signal: EndSignal,
  ): Promise<boolean> {
    const { pid, startTicks } = identity;
    if (startTicks === null) {
      if (!await this.isRunning(identity)) return false;
    } else if (readStat(pid)?.startTicks !== startTicks) return false;
    return sendSignal(identity, signal);
  }

  /**
   * Callers share a listing, but only one that begins after their call: ending
   * many processes at once lists often.
   */
  list(): Promise<ProcessEntry[]> {
    if (this.#listing === null) return this.#startListing();
    const start = () => this.#startListing();
    return this.#nextListing ??= this.#listing.then(start, start);
  }

  sample(): Promise<ProcessSample> {
    return this.#samples.read();
  }

  #startListing(): Promise<ProcessEntry[]> {
    this.#nextListing = null;
    const entries = listEntries();
    const done = () => {
      if (this.#listing === settled) this.#listing = null;
    };
    const settled: Promise<unknown> = entries.then(done, done);
    this.#listing = settled;
    return entries;
  }

  async #takeSample(): Promise<ProcessSample> {
    const children = await this.#children.read();
    const pageSize = await (this.#pageSize ??= readPageSize());
    return {
      children,
      // deno-lint-ignore require-await -- The interface is asynchronous.
      measure: async (pids) =>
        pids.flatMap((pid) => {
          const measured = measure(pid, pageSize);
          if (measured) this.#children.correct(pid, measured.parent);
          return measured ?? [];
        }),
    };
  }
}

/**
 * Checks that `/proc` shows the processes that this program can signal: it may
 * have been mounted in another pid namespace.
 */
async function checkProc(): Promise<void> {
  const self = await Deno.readLink("/proc/self").catch(() => null);
  if (self === null || self === String(Deno.pid)) return;
  throw new Error(
    "Cannot see processes as /proc is that of another pid namespace: mount it in this one",
  );
}

/** Returns whether this is the id of a thread: it can be found in `/proc`, too. */
function isThread(pid: number): boolean {
  const status = readNow(`/proc/${pid}/status`);
  const process = /^Tgid:\s*(\d+)$/m.exec(status ?? "")?.[1];
  return process !== undefined && process !== String(pid);
}

/** Finds a live process by one read in `/proc`, which does not give its start time. */
function findByTicks(pid: number): LiveProcess | null {
  if (!isPid(pid)) return null;
  const { stat } = lookAt(pid);
  if (stat === null) {
    // Mounted with `hidepid`, /proc hides the processes of other users.
    return pidExists(pid)
      ? { pid, startTime: null, startTicks: null, state: "running" }
      : null;
  }
  if (!isAlive(stat)) return null;
  const { startTicks } = stat;
  return { pid, startTime: null, startTicks, state: runStateOf(stat) };
}

function readStat(pid: number): ProcStat | null {
  const text = readNow(`/proc/${pid}/stat`);
  return text === null ? null : parseProcStat(text);
}

/** Returns null if the process has exited or belongs to another user. */
function readNow(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    return nullIfHidden(path, error);
  }
}

/** The state of a process at one moment. */
interface Look {
  readonly pid: number;
  /** Null if it has exited. */
  readonly stat: ProcStat | null;
  /** When it was read, in milliseconds on the monotonic clock. */
  readonly readAt: number;
}

/** How long a look counts as current, in milliseconds. */
const SAME_MOMENT_MS = 1;

/** The latest look: a poll finds a process and measures it at once. */
let latest: Look | null = null;

function lookAt(pid: number): Look {
  return latest = { pid, readAt: performance.now(), stat: readStat(pid) };
}

function measure(pid: number, pageSize: number): ProcessMeasurement | null {
  const isCurrent = latest?.pid === pid &&
    performance.now() - latest.readAt < SAME_MOMENT_MS;
  const { stat, readAt } = latest && isCurrent ? latest : lookAt(pid);
  if (stat === null || !isAlive(stat)) return null;
  return {
    pid,
    parent: stat.parent,
    id: `${pid}:${stat.startTicks}`,
    cpuSeconds: stat.cpuTicks / TICKS_PER_SECOND,
    memoryBytes: stat.residentPages * pageSize,
    measuredAt: readAt,
  };
}

async function listEntries(): Promise<ProcessEntry[]> {
  const bootTime = await readBootTime();
  const namespace = await readNamespace("self");
  const pids = readPids();
  const entries = await Promise.all(
    pids.map((pid) => readEntry(pid, bootTime, namespace)),
  );
  return entries.filter((entry) => entry !== null);
}

async function readEntry(
  pid: number,
  bootTime: number,
  ownNamespace: string | null,
): Promise<ProcessEntry | null> {
  const stat = await readStatLater(pid);
  if (stat === null || !isAlive(stat)) return null;
  const { startTicks, name, parent, session } = stat;
  const environment = await readIfShown(`/proc/${pid}/environ`);
  const processDir = variableIn(environment ?? "", DIR_VARIABLE);
  // In a container, the same path can be that of another directory.
  const isOwn = processDir === null ||
    await readNamespace(pid) === ownNamespace;
  return {
    pid,
    startTime: bootTime + startTicks / TICKS_PER_SECOND,
    startTicks,
    name,
    parent,
    session,
    processDir: isOwn ? processDir : null,
  };
}

async function readStatLater(pid: number): Promise<ProcStat | null> {
  const text = await readIfShown(`/proc/${pid}/stat`);
  return text === null ? null : parseProcStat(text);
}

/** Returns null if the process has exited or belongs to another user. */
async function readIfShown(
  path: string,
  read: (path: string) => Promise<string> = Deno.readTextFile,
): Promise<string | null> {
  try {
    return await read(path);
  } catch (error) {
    return nullIfHidden(path, error);
  }
}

/** Reads the pid namespace of a process, as in "pid:[4026531836]". */
function readNamespace(pid: number | "self"): Promise<string | null> {
  return readIfShown(`/proc/${pid}/ns/pid`, Deno.readLink);
}

/**
 * Returns null if a read failed because the process has exited or belongs to
 * another user.
 *
 * @throws {Error} If it failed for a reason that says nothing about the process,
 * as that too many files are open.
 */
function nullIfHidden(path: string, error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  if (error instanceof Deno.errors.PermissionDenied) return null;
  // ESRCH, to which Deno gives no code.
  if (error instanceof Error && error.message.includes("(os error 3)")) {
    return null;
  }
  throw new Error(describeReadFailure(path, error));
}

function variableIn(environment: string, variable: string): string | null {
  const entry = environment.split("\0").find((entry) =>
    entry.startsWith(`${variable}=`)
  );
  return entry?.slice(variable.length + 1) ?? null;
}

/** Stopping by a debugger ("t") is not meant: it is resumed by itself. */
function runStateOf({ state }: ProcStat): RunState {
  return state === "T" ? "suspended" : "running";
}

/** Parses the boot time in `/proc/stat`, in epoch seconds. */
export function parseBootTime(text: string): number {
  return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? NaN);
}

/** A read of the boot time that is under way, which all callers share: on a machine
 * with many processors, its file is long. */
let bootTime: Promise<number> | null = null;

/** Reads the boot time in epoch seconds. It moves when the clock is set. */
function readBootTime(): Promise<number> {
  return bootTime ??= Deno.readTextFile("/proc/stat").then(parseBootTime)
    .finally(() => bootTime = null);
}

/** Reads the size of a memory page, in bytes. */
async function readPageSize(): Promise<number> {
  const PAGE_SIZE_KEY = 6n;
  try {
    const bytes = await Deno.readFile("/proc/self/auxv");
    const words = new BigUint64Array(bytes.buffer);
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (words[at] === PAGE_SIZE_KEY) return Number(words[at + 1]);
    }
  } catch {
    // Some sandboxes hide it.
  }
  return 4096;
}
