import { describeReadFailure } from "../files/reading.ts";
import { groupByParent } from "./descendants.ts";
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
 * How long the parents of processes are remembered between two samples, in
 * milliseconds. A pid is assigned again only after all others, which takes longer.
 */
const MAX_PARENTS_AGE_MS = 10_000;

/** The process table in Linux's `/proc`: see proc_pid_stat(5) and proc_stat(5). */
export class ProcTable implements ProcessTable {
  #listing: Promise<unknown> | null = null;
  #nextListing: Promise<ProcessEntry[]> | null = null;
  readonly #samples: SampleCache;
  #checked: Promise<void> | null = null;
  #parents = new Map<number, number>();
  #parentsReadAt = -Infinity;
  #pageSize: Promise<number> | null = null;

  /** @param maxSampleAgeMs How long callers share a sample, in milliseconds. */
  constructor(maxSampleAgeMs: number = MAX_SAMPLE_AGE_MS) {
    this.#samples = new SampleCache(() => this.#takeSample(), maxSampleAgeMs);
  }

  /** Costs three reads in `/proc`. */
  async find(pid: number): Promise<LiveProcess | null> {
    await (this.#checked ??= checkProc());
    const found = await findByTicks(pid);
    if (found === null || found.startTicks === null) return found;
    if (await isThread(pid)) return null;
    const startTime = await readBootTime() +
      found.startTicks / TICKS_PER_SECOND;
    return { ...found, startTime };
  }

  /** Costs one read in `/proc`. */
  async recheck(identity: ProcessIdentity): Promise<LiveProcess | null> {
    const found = await findByTicks(identity.pid);
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
    } else if (readStartTicksSync(pid) !== startTicks) return false;
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
    await this.#updateParents();
    const parents = this.#parents;
    const children = groupByParent(parents);
    const pageSize = await (this.#pageSize ??= readPageSize());
    const measurements = new Map<number, Promise<ProcessMeasurement | null>>();
    return {
      children,
      async measure(pids) {
        const all = await Promise.all(pids.map((pid) => {
          const measured = measurements.get(pid) ?? measure(pid, pageSize);
          measurements.set(pid, measured);
          return measured;
        }));
        const alive = all.filter((measured) => measured !== null);
        for (const { pid, parent } of alive) parents.set(pid, parent);
        return alive;
      },
    };
  }

  /**
   * `/proc` shows the parent of each process, but only some kernels show its
   * children. Parents are read once for each new process, so a sample costs one
   * listing of `/proc` and little else. Those of measured processes are
   * corrected, as they change when a parent exits or a pid is assigned again.
   */
  async #updateParents(): Promise<void> {
    const now = performance.now();
    const recent = now - this.#parentsReadAt < MAX_PARENTS_AGE_MS;
    const known = recent ? this.#parents : new Map<number, number>();
    this.#parentsReadAt = now;
    const pids = await readPids();
    const parents = new Map<number, number>();
    await Promise.all(pids.map(async (pid) => {
      const parent = known.get(pid) ?? (await readStat(pid))?.parent;
      if (parent !== undefined) parents.set(pid, parent);
    }));
    this.#parents = parents;
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
async function isThread(pid: number): Promise<boolean> {
  const status = await readIfShown(`/proc/${pid}/status`);
  const process = /^Tgid:\s*(\d+)$/m.exec(status ?? "")?.[1];
  return process !== undefined && process !== String(pid);
}

/** Finds a live process by one read in `/proc`, which does not give its start time. */
async function findByTicks(pid: number): Promise<LiveProcess | null> {
  if (!isPid(pid)) return null;
  const stat = await readStat(pid);
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

function readStartTicksSync(pid: number): number | null {
  const path = `/proc/${pid}/stat`;
  try {
    return parseProcStat(Deno.readTextFileSync(path)).startTicks;
  } catch (error) {
    return nullIfHidden(path, error);
  }
}

async function readStat(pid: number): Promise<ProcStat | null> {
  const text = await readIfShown(`/proc/${pid}/stat`);
  return text === null ? null : parseProcStat(text);
}

async function measure(
  pid: number,
  pageSize: number,
): Promise<ProcessMeasurement | null> {
  const measuredAt = performance.now();
  const stat = await readStat(pid);
  if (stat === null || !isAlive(stat)) return null;
  return {
    pid,
    parent: stat.parent,
    id: `${pid}:${stat.startTicks}`,
    cpuSeconds: stat.cpuTicks / TICKS_PER_SECOND,
    memoryBytes: stat.residentPages * pageSize,
    measuredAt,
  };
}

async function listEntries(): Promise<ProcessEntry[]> {
  const bootTime = await readBootTime();
  const namespace = await readNamespace("self");
  const pids = await readPids();
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
  const stat = await readStat(pid);
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

/** The fields of `/proc/<pid>/stat` that are used here. */
export interface ProcStat {
  /** The state, as in "R", "S" or "Z". */
  readonly state: string;
  /** The pid of the parent. */
  readonly parent: number;
  /** The number of threads. */
  readonly threads: number;
  /** CPU time used, in clock ticks. */
  readonly cpuTicks: number;
  /** When it started, in clock ticks since boot. */
  readonly startTicks: number;
  /** Resident memory, in pages. */
  readonly residentPages: number;
  /** The name of the program, cut to 15 bytes. */
  readonly name: string;
  /** The id of the session. */
  readonly session: number;
}

/** Parses the line of `/proc/<pid>/stat`. */
export function parseProcStat(text: string): ProcStat {
  // The program name is in parentheses and may itself contain spaces and
  // parentheses, so the fields are counted from the last one.
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  return {
    state: fields[0],
    parent: Number(fields[1]),
    threads: Number(fields[17]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTicks: Number(fields[19]),
    residentPages: Number(fields[21]),
    name: text.slice(text.indexOf("(") + 1, end),
    session: Number(fields[3]),
  };
}

/**
 * Returns whether a process can still run. A zombie cannot, unless only its first
 * thread has exited.
 */
function isAlive({ state, threads }: ProcStat): boolean {
  return !"ZXx".includes(state) || threads > 1;
}

/** Stopping by a debugger ("t") is not meant: it is resumed by itself. */
function runStateOf({ state }: ProcStat): RunState {
  return state === "T" ? "suspended" : "running";
}

/** Parses the boot time in `/proc/stat`, in epoch seconds. */
export function parseBootTime(text: string): number {
  return Number(/^btime (\d+)$/m.exec(text)?.[1] ?? NaN);
}

/** Reads the boot time in epoch seconds. It moves when the clock is set. */
async function readBootTime(): Promise<number> {
  return parseBootTime(await Deno.readTextFile("/proc/stat"));
}

/** Lists all pids that `/proc` shows. */
export async function readPids(): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) pids.push(Number(name));
  }
  return pids;
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
