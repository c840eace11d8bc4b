/** The operating system's process table, as far as this user may read it. */
import type { EndSignal, LiveProcess, ProcessIdentity } from "./identity.ts";

/** Environment variable that holds the path of a process's directory. */
export const DIR_VARIABLE = "SYFTPM_PROCESS_DIR";

/** Environment variable that holds the name of a process. */
export const NAME_VARIABLE = "SYFTPM_PROCESS_NAME";

/**
 * Finds, lists, measures and signals processes. Zombies count as exited.
 *
 * All methods reject if the table cannot be read.
 */
export interface ProcessTable {
  /** Returns the process with this pid, or null if none is alive. */
  find(pid: number): Promise<LiveProcess | null>;

  /** Returns this very process as it is now, or null if it has exited. */
  recheck(identity: ProcessIdentity): Promise<LiveProcess | null>;

  /** Returns whether this very process is alive. */
  isRunning(identity: ProcessIdentity): Promise<boolean>;

  /**
   * Signals this very process, never a later owner of its pid.
   *
   * @returns Whether it was alive.
   * @throws {ReasonError} If it may not be signaled; see `sendSignal`.
   */
  signal(identity: ProcessIdentity, signal: EndSignal): Promise<boolean>;

  /** Lists all processes, as of this call or later. */
  list(): Promise<ProcessEntry[]>;

  /**
   * Samples the table. Callers within 900 ms of each other share one sample, so
   * its cost does not grow with the number of callers.
   */
  sample(): Promise<ProcessSample>;
}

/** A process with what it takes to find its descendants. */
export interface ProcessEntry extends ProcessIdentity {
  /** The name of its program, as the system abbreviates it. */
  readonly name: string;
  /** The pid of its parent. */
  readonly parent: number;
  /** The id of its session; from `ps`, that of its process group. */
  readonly session: number;
  /**
   * The value of {@linkcode DIR_VARIABLE} in its environment, which descendants
   * inherit; null if it is not set or not readable.
   */
  readonly processDir: string | null;
}

/** The process table at one moment. */
export interface ProcessSample {
  /**
   * The pids of each parent's children. May show an earlier parent; what
   * `measure` returns has the current one.
   */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** Measures processes; those that have exited are left out. */
  measure(pids: readonly number[]): Promise<readonly ProcessMeasurement[]>;
}

/** Resources used by one process. */
export interface ProcessMeasurement {
  /** Its pid. */
  readonly pid: number;
  /** The pid of its parent. */
  readonly parent: number;
  /** Distinguishes it from a later process with the same pid. */
  readonly id: string;
  /** CPU time used since it started, in seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, in bytes. */
  readonly memoryBytes: number;
  /** When it was measured, in milliseconds on the monotonic clock. */
  readonly measuredAt: number;
}
