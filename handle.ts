import { $display, type MediaBundle } from "./jupyter/display.ts";
import type { ExitRecord } from "./process/directory/formats.ts";
import type { HealthReport } from "./process/directory/health.ts";
import { ProcessDirectory } from "./process/directory/process_directory.ts";
import { describeWriteError } from "./process/files/write_error.ts";
import { runnerOf } from "./process/lifecycle/runners.ts";
import {
  checkGrace,
  DEFAULT_GRACE_MS,
  type StoppedProcess,
} from "./process/lifecycle/terminate.ts";
import { LogFile } from "./process/logs/log_file.ts";
import { ProcessReader } from "./process/reader.ts";
import {
  isActive,
  type JobSnapshot,
  type ProcessSnapshot,
  type ProcessStatus,
} from "./process/snapshot.ts";
import { tasksOf } from "./process/slurm/array.ts";
import { resolveSource } from "./process/source.ts";
import { ProcessDashboard } from "./widget/dashboard/dashboard.ts";
import { formatUptime } from "./widget/uptime.ts";
import type { ProcessWidgetOptions } from "./widget/options.ts";
import { ProcessWidget, processWidget } from "./widget.ts";

/** Options of {@linkcode ProcessHandle.terminate}. */
export interface TerminateOptions {
  /** Milliseconds from SIGTERM to SIGKILL, 0 or more. Default 5000. */
  graceMs?: number;
}

/** Everything that is known about a process. */
export interface ProcessInfo extends ProcessSnapshot {
  /** Its process directory. */
  readonly processDir: string;
  /** Environment variables on top of those of the kernel that started it. */
  readonly env: Readonly<Record<string, string>>;
  /** Its working directory; null if it is not recorded. */
  readonly cwd: string | null;
}

const $inspect: unique symbol = Symbol.for("Deno.customInspect");

/**
 * A process with a directory: starts, watches, shows and terminates it.
 *
 * As the value of a cell it displays as its widget. Its properties return what
 * the last poll found, be it by {@linkcode ProcessHandle.refresh} or by any
 * other method; the methods poll themselves.
 *
 * @example
 * ```ts ignore
 * const server = await run({ name: "server", cmd: ["deno", "run", "server.ts"] });
 * console.log(await server.stdout.tail(5));
 * await server.terminate();
 * ```
 */
export class ProcessHandle {
  /** The process's name. */
  readonly name: string;
  /** Its process directory. */
  readonly processDir: string;
  /** The log of its standard output. */
  readonly stdout: LogFile;
  /** The log of its standard error. */
  readonly stderr: LogFile;
  readonly #directory: ProcessDirectory;
  readonly #reader: ProcessReader;
  #last: ProcessSnapshot | null = null;
  #widget: ProcessWidget | null = null;
  #dashboard: ProcessDashboard | null = null;

  /**
   * Creates a handle on a process directory, without polling it.
   *
   * @param processDir The process directory.
   * @param name The process's name.
   */
  constructor(processDir: string, name: string) {
    this.name = name;
    this.processDir = processDir;
    this.#directory = new ProcessDirectory(processDir, name);
    const files = resolveSource({ processDir, name });
    this.#reader = new ProcessReader(files, { lines: 0 });
    const isWritten = async () => isActive((await this.#poll()).status);
    this.stdout = new LogFile(this.#directory.stdoutLog, isWritten);
    this.stderr = new LogFile(this.#directory.stderrLog, isWritten);
  }

  /** Its pid at the last poll, or null if it was not running. */
  get pid(): number | null {
    return this.#last?.pid ?? null;
  }

  /** Its status at the last poll; "unknown" before the first one. */
  get status(): ProcessStatus {
    return this.#last?.status ?? "unknown";
  }

  /** When it started, in epoch milliseconds; null if it was not running. */
  get startedAt(): number | null {
    return this.#last?.startedAt ?? null;
  }

  /** How long it has been running, as in "3h 12m"; "-" if it was not running. */
  get uptime(): string {
    const { startedAt } = this;
    return startedAt === null ? "-" : formatUptime(Date.now() - startedAt);
  }

  /** How it ended; null if it was running, or that was not recorded. */
  get exit(): ExitRecord | null {
    return this.#last?.exit ?? null;
  }

  /** What its scheduler says; null if it is not run by one. */
  get job(): JobSnapshot | null {
    return this.#last?.job ?? null;
  }

  /** Its last health report, or null. */
  get health(): HealthReport | null {
    return this.#last?.health ?? null;
  }

  /**
   * Starts it again with the command in its `config.json`. Its logs continue.
   *
   * @throws {Error} If it is already running or cannot be started; the message
   * gives the reason.
   */
  async start(): Promise<void> {
    try {
      await (await runnerOf(this.#directory)).start(this.#directory);
    } catch (error) {
      throw this.#failure("start", error);
    }
    await this.refresh();
  }

  /**
   * Terminates it with its descendants: SIGTERM, a grace period, SIGKILL. Does
   * nothing to a process that is not running, and cancels a pending job.
   *
   * @returns The processes that were ended.
   * @throws {RangeError} If the grace period is not a number of 0 or more.
   * @throws {Error} If some of them cannot be ended; the message gives the
   * reason.
   */
  async terminate(options: TerminateOptions = {}): Promise<StoppedProcess[]> {
    const graceMs = checkGrace(options.graceMs ?? DEFAULT_GRACE_MS);
    try {
      const runner = await runnerOf(this.#directory);
      return await runner.terminate(this.#directory, graceMs);
    } catch (error) {
      throw this.#failure("terminate", error);
    } finally {
      await this.refresh();
    }
  }

  /**
   * Terminates it if it is running, and starts it.
   *
   * @throws {Error} As {@linkcode ProcessHandle.terminate} and
   * {@linkcode ProcessHandle.start} do.
   */
  async restart(options: TerminateOptions = {}): Promise<void> {
    await this.terminate(options);
    await this.start();
  }

  /**
   * Polls it now. If it has just exited, waits up to 500 ms until its exit is
   * recorded.
   *
   * @returns This handle.
   */
  async refresh(): Promise<this> {
    const { pid, exit } = await this.#poll();
    if (pid === null && exit === null) {
      if (await this.#directory.waitUntilStateRemoved()) await this.#poll();
    }
    return this;
  }

  /** Polls whether it is running here; false if its status is "unknown". */
  async isRunning(): Promise<boolean> {
    const { status } = await this.#poll();
    return status !== "pending" && isActive(status);
  }

  /** Polls everything that is known about it. */
  async info(): Promise<ProcessInfo> {
    const snapshot = this.#last = await this.#reader.read();
    const config = await this.#directory.readConfig().catch(() => null);
    const cwd = await this.#directory.readCwd().catch(() => null);
    const { processDir } = this;
    return { ...snapshot, processDir, env: config?.env ?? {}, cwd };
  }

  /**
   * Returns the widget that it displays as, created on first use. With options,
   * creates another one.
   *
   * @throws {TypeError | RangeError} If an option is invalid.
   */
  widget(options?: ProcessWidgetOptions): ProcessWidget {
    if (options !== undefined) return processWidget(this, options);
    if (this.#widget === null || this.#widget.closed) {
      this.#widget = new ProcessWidget(this);
    }
    return this.#widget;
  }

  /**
   * Returns the tasks of an array, each a separate process; empty if it is
   * none.
   *
   * @throws {Error} If its `config.json` cannot be read.
   */
  async tasks(): Promise<ProcessHandle[]> {
    const config = await this.#directory.readConfig();
    const tasks = config === null
      ? []
      : tasksOf(this.#directory, config.runner);
    return tasks.map(({ path, name }) => new ProcessHandle(path, name));
  }

  /** Returns the output that shows its widget, or the dashboard of an array: the
   * Deno kernel calls it for the value of a cell, as do `Deno.jupyter.display` and
   * `Deno.jupyter.format`. */
  async [$display](): Promise<MediaBundle> {
    const tasks = await this.tasks().catch(() => []);
    if (tasks.length === 0) return await this.widget()[$display]();
    if (this.#dashboard === null || this.#dashboard.closed) {
      this.#dashboard = new ProcessDashboard(tasks);
    }
    return await this.#dashboard[$display]();
  }

  /** Returns what `console.log` prints for it. */
  [$inspect](): string {
    return this.toString();
  }

  /** Summarizes the last poll in one line. */
  toString(): string {
    const { pid, status, uptime, exit, job } = this;
    const facts: string[] = [status];
    if (job !== null) facts.push(`job ${job.id}`);
    if (job?.reason) facts.push(job.reason);
    if (pid !== null) facts.push(`pid ${pid}`, `up ${uptime}`);
    if (exit?.signal) facts.push(`ended by ${exit.signal}`);
    else if (exit && exit.code !== null) facts.push(`exit code ${exit.code}`);
    if (exit?.note) facts.push(exit.note);
    else if (exit?.reason === "ttl") facts.push("time to live over");
    return `ProcessHandle ${this.name}: ${facts.join(", ")}`;
  }

  async #poll(): Promise<ProcessSnapshot> {
    // Only `info` returns the usage, which costs more than all the rest.
    return this.#last = await this.#reader.read({ usage: false });
  }

  #failure(verb: string, cause: unknown): Error {
    const reason = describeWriteError(cause);
    return new Error(`Cannot ${verb} '${this.name}' as ${reason}`, { cause });
  }
}
