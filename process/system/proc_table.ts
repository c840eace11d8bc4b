import { groupByParent } from "./descendants.ts";
import { isPid, isSameProcess, type ProcessIdentity } from "./identity.ts";
import {
  isAlive,
  parseProcStat,
  type ProcStat,
  readBootTime,
  readPageSize,
  readPids,
  TICKS_PER_SECOND,
} from "./proc.ts";
import {
  DIR_VARIABLE,
  type ProcessEntry,
  type ProcessMeasurement,
  type ProcessSample,
  type ProcessTable,
} from "./process_table.ts";
import { MAX_SAMPLE_AGE_MS, SampleCache } from "./sample_cache.ts";
import { type EndSignal, pidExists, sendSignal } from "./signals.ts";

/** The process table in Linux's `/proc`. */
export class ProcTable implements ProcessTable {
  #listing: Promise<unknown> | null = null;
  #nextListing: Promise<ProcessEntry[]> | null = null;
  readonly #samples: SampleCache;
  #parents = new Map<number, number>();
  #pageSize: Promise<number> | null = null;

  /** @param maxSampleAgeMs How long callers share a sample, in milliseconds. */
  constructor(maxSampleAgeMs: number = MAX_SAMPLE_AGE_MS) {
    this.#samples = new SampleCache(() => this.#takeSample(), maxSampleAgeMs);
  }

  /** Costs two reads in `/proc`. */
  async find(pid: number): Promise<ProcessIdentity | null> {
    const found = await findByTicks(pid);
    if (found === null || found.startTicks === null) return found;
    const startTime = await readBootTime() +
      found.startTicks / TICKS_PER_SECOND;
    return { ...found, startTime };
  }

  /** Costs one read in `/proc`. */
  async isRunning(identity: ProcessIdentity): Promise<boolean> {
    const found = await findByTicks(identity.pid);
    return found !== null && isSameProcess(found, identity);
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
    return sendSignal(pid, signal);
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
    const children = groupByParent(this.#parents);
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
        return all.filter((measured) => measured !== null);
      },
    };
  }

  /**
   * `/proc` shows the parent of each process, but only some kernels show its
   * children. Parents are read once for each new process, so a sample costs one
   * listing of `/proc` and little else.
   */
  async #updateParents(): Promise<void> {
    const known = this.#parents;
    const pids = await readPids();
    const parents = new Map<number, number>();
    await Promise.all(pids.map(async (pid) => {
      const parent = known.get(pid) ?? (await readStat(pid))?.parent;
      if (parent !== undefined) parents.set(pid, parent);
    }));
    this.#parents = parents;
  }
}

/** Finds a live process by one read in `/proc`, which does not give its start time. */
async function findByTicks(pid: number): Promise<ProcessIdentity | null> {
  if (!isPid(pid)) return null;
  let text: string;
  try {
    text = await Deno.readTextFile(`/proc/${pid}/stat`);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") {
      return null;
    }
    // Mounted with `hidepid`, /proc hides the processes of other users.
    return pidExists(pid) ? { pid, startTime: null, startTicks: null } : null;
  }
  const stat = parseProcStat(text);
  return isAlive(stat)
    ? { pid, startTime: null, startTicks: stat.startTicks }
    : null;
}

function readStartTicksSync(pid: number): number | null {
  try {
    return parseProcStat(Deno.readTextFileSync(`/proc/${pid}/stat`)).startTicks;
  } catch {
    return null;
  }
}

async function readStat(pid: number): Promise<ProcStat | null> {
  const text = await readIfReadable(`/proc/${pid}/stat`);
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
    id: `${pid}:${stat.startTicks}`,
    cpuSeconds: stat.cpuTicks / TICKS_PER_SECOND,
    memoryBytes: stat.residentPages * pageSize,
    measuredAt,
  };
}

async function listEntries(): Promise<ProcessEntry[]> {
  const bootTime = await readBootTime();
  const pids = await readPids();
  const entries = await Promise.all(
    pids.map((pid) => readEntry(pid, bootTime)),
  );
  return entries.filter((entry) => entry !== null);
}

async function readEntry(
  pid: number,
  bootTime: number,
): Promise<ProcessEntry | null> {
  const stat = await readStat(pid);
  if (stat === null || !isAlive(stat)) return null;
  const { startTicks, name, parent, session } = stat;
  const environment = await readIfReadable(`/proc/${pid}/environ`);
  return {
    pid,
    startTime: bootTime + startTicks / TICKS_PER_SECOND,
    startTicks,
    name,
    parent,
    session,
    processDir: variableIn(environment ?? "", DIR_VARIABLE),
  };
}

/** Returns null if the process has exited or belongs to another user. */
async function readIfReadable(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return null;
  }
}

function variableIn(environment: string, variable: string): string | null {
  const entry = environment.split("\0").find((entry) =>
    entry.startsWith(`${variable}=`)
  );
  return entry?.slice(variable.length + 1) ?? null;
}
