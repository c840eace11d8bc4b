/** Is this pid alive, and is it still the same process. */
import { readBootTime, readStartTicks, TICKS_PER_SECOND } from "./proc.ts";
import { readPs } from "./ps.ts";

/** A process that was seen alive: its pid, and what tells it from the next owner of that pid. */
export interface ProcessIdentity {
  /** The process's id. */
  readonly pid: number;
  /** When it started, in epoch seconds; null when the system does not show it. */
  readonly startTime: number | null;
  /**
   * When it started, in clock ticks since the machine did, which setting the
   * clock does not change; null where the system does not tell.
   */
  readonly startTicks: number | null;
}

/** Options of {@linkcode readProcess} and {@linkcode isRunning}. */
export interface ProcessTableOptions {
  /** Where to look: Linux's `/proc`, or the `ps` program. Default: `/proc` on Linux. */
  table?: "proc" | "ps";
}

/** How far two start times of one process lie apart at most, in seconds. */
const PROC_TOLERANCE = 0.01;
/** `ps` works out whole seconds anew for each run, and can be one off. */
const PS_TOLERANCE = 2;

/** Whether a value can be a pid: a whole number from 1 to 2³¹ − 1. */
export function isPid(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 &&
    Number(value) <= 0x7fffffff;
}

/**
 * The process that has this pid now; null when none is alive. A zombie is not
 * alive, and 0, negative and fractional numbers are nobody's pid.
 *
 * @throws {Error} If the process table cannot be read.
 */
export async function readProcess(
  pid: number,
  options: ProcessTableOptions = {},
): Promise<ProcessIdentity | null> {
  if (!isPid(pid)) return null;
  if (tableOf(options) === "ps") {
    const startTime = await readPs(pid);
    return startTime === null ? null : { pid, startTime, startTicks: null };
  }
  const ticks = await readStartTicks(pid);
  if (ticks === null) return null;
  if (ticks === "hidden") return { pid, startTime: null, startTicks: null };
  const startTime = await readBootTime() + ticks / TICKS_PER_SECOND;
  return { pid, startTime, startTicks: ticks };
}

/**
 * Whether this very process is still alive. Costs one read of `/proc`. A
 * process whose start the system does not show is told by its pid alone.
 *
 * @throws {Error} If the process table cannot be read.
 */
export async function isRunning(
  identity: ProcessIdentity,
  options: ProcessTableOptions = {},
): Promise<boolean> {
  const { pid, startTime, startTicks } = identity;
  if (!isPid(pid)) return false;
  if (tableOf(options) === "ps") {
    const now = await readPs(pid);
    if (now === null || startTime === null) return now !== null;
    return Math.abs(now - startTime) <= PS_TOLERANCE;
  }
  const ticks = await readStartTicks(pid);
  if (ticks === null) return false;
  return ticks === "hidden" || startTicks === null || ticks === startTicks;
}

/**
 * Whether a process is the one that started at `createTime` (epoch seconds). It
 * is taken to be when the system does not show when it started.
 */
export function matchesStart(
  identity: ProcessIdentity,
  createTime: number,
): boolean {
  const { startTime, startTicks } = identity;
  if (startTime === null) return true;
  const apart = Math.abs(startTime - createTime);
  return startTicks === null ? apart <= PS_TOLERANCE : apart < PROC_TOLERANCE;
}

function tableOf(options: ProcessTableOptions): "proc" | "ps" {
  return options.table ?? (Deno.build.os === "linux" ? "proc" : "ps");
}
