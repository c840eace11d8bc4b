import { groupByParent } from "./descendants.ts";
import {
  type EndSignal,
  isPid,
  isSameProcess,
  type LiveProcess,
  type ProcessIdentity,
  type RunState,
  sendSignal,
} from "./identity.ts";
import type {
  ProcessEntry,
  ProcessSample,
  ProcessTable,
} from "./process_table.ts";
import { MAX_SAMPLE_AGE_MS, SampleCache } from "./sample_cache.ts";

/** The columns of `ps`, in the order that {@linkcode parsePsLine} expects. */
const COLUMNS = "pid ppid pgid stat rss time lstart comm".split(" ");

/** A process in the output of `ps`. */
export interface PsRow extends ProcessEntry {
  /** When it started, in epoch seconds: `ps` reports whole seconds. */
  readonly startTime: number;
  /** Whether it is suspended. */
  readonly state: RunState;
  /** CPU time used, in seconds: `ps` may report whole seconds only. */
  readonly cpuSeconds: number;
  /** Resident memory, in bytes. */
  readonly memoryBytes: number;
}

/** The process table that the `ps` program prints, where there is no `/proc`. */
export class PsTable implements ProcessTable {
  readonly #samples: SampleCache;

  /** @param maxSampleAgeMs How long callers share a sample, in milliseconds. */
  constructor(maxSampleAgeMs: number = MAX_SAMPLE_AGE_MS) {
    this.#samples = new SampleCache(takeSample, maxSampleAgeMs);
  }

  async find(pid: number): Promise<LiveProcess | null> {
    if (!isPid(pid)) return null;
    const [row] = await runPs(["-p", String(pid)]);
    if (!row) return null;
    const { startTime, startTicks, state } = row;
    return { pid, startTime, startTicks, state };
  }

  async recheck(identity: ProcessIdentity): Promise<LiveProcess | null> {
    const found = await this.find(identity.pid);
    return found && isSameProcess(found, identity) ? found : null;
  }

  async isRunning(identity: ProcessIdentity): Promise<boolean> {
    return await this.recheck(identity) !== null;
  }

  async signal(
    identity: ProcessIdentity,
    signal: EndSignal,
  ): Promise<boolean> {
    if (!await this.isRunning(identity)) return false;
    return sendSignal(identity, signal);
  }

  list(): Promise<ProcessEntry[]> {
    return runPs(["-A"]);
  }

  sample(): Promise<ProcessSample> {
    return this.#samples.read();
  }
}

async function takeSample(): Promise<ProcessSample> {
  const measuredAt = performance.now();
  const rows = await runPs(["-A"]);
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  return {
    children: groupByParent(rows.map(({ pid, parent }) => [pid, parent])),
    measure: (pids) =>
      Promise.resolve(pids.flatMap((pid) => {
        const row = byPid.get(pid);
        if (!row) return [];
        const { parent, cpuSeconds, memoryBytes } = row;
        const id = String(pid);
        return { pid, parent, id, cpuSeconds, memoryBytes, measuredAt };
      })),
  };
}

async function runPs(selection: string[]): Promise<PsRow[]> {
  const columns = COLUMNS.flatMap((column) => ["-o", `${column}=`]);
  try {
    const { stdout } = await new Deno.Command("ps", {
      args: [...selection, ...columns],
      env: { LC_ALL: "C", TZ: "UTC" },
      stdin: "null",
      stderr: "null",
    }).output();
    const lines = new TextDecoder().decode(stdout).split("\n");
    return lines.flatMap((line) => parsePsLine(line) ?? []);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      "Cannot read the process table as there is no 'ps': install it (on Debian: apt install procps)",
    );
  }
}

/**
 * Parses a line of `ps` with {@linkcode COLUMNS} in UTC, as in
 * `"7 1 7 Ss 5120 1-02:03:04 Sun Nov 22 16:50:45 2026 postgres"`.
 *
 * @returns Null for a zombie and for a line that holds no process.
 */
export function parsePsLine(line: string): PsRow | null {
  const match =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(?:(\d+)-)?([\d:.]+)\s+\w{3} (\w{3} +\d+ [\d:]{8} \d{4})\s+(.*)$/
      .exec(line);
  if (match === null) return null;
  const [
    ,
    pid,
    parent,
    group,
    stat,
    kibibytes,
    days = "0",
    clock,
    start,
    name,
  ] = match;
  // A zombie with "l" has other threads that still run.
  if (/^[ZX](?!.*l)/.test(stat)) return null;
  return {
    pid: Number(pid),
    state: stat.startsWith("T") ? "suspended" : "running",
    parent: Number(parent),
    session: Number(group),
    startTime: Date.parse(`${start} UTC`) / 1000,
    startTicks: null,
    name: name.trim(),
    // `ps` does not show environments.
    processDir: null,
    memoryBytes: Number(kibibytes) * 1024,
    cpuSeconds: Number(days) * 86_400 + parseClock(clock),
  };
}

/** Parses hours, minutes and seconds; the hours may be missing. */
function parseClock(clock: string): number {
  return clock.split(":").reduce(
    (total, part) => total * 60 + Number(part),
    0,
  );
}
