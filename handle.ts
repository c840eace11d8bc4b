import { join } from "@std/path";
import { $display, type MediaBundle } from "./jupyter/display.ts";
import { lockDir } from "./process/directory/lock.ts";
import type { ExitRecord } from "./process/directory/exit_record.ts";
import { launch } from "./process/lifecycle/launch.ts";
import { readCwd } from "./process/directory/process_directory.ts";
import { LogFile } from "./process/logs/log_file.ts";
import { ProcessReader } from "./process/reader.ts";
import type {
  HealthReport,
  ProcessSnapshot,
  ProcessStatus,
} from "./process/snapshot.ts";
import { resolveSource } from "./process/source.ts";
import { readConfig } from "./process/directory/state_file.ts";
import { reasonToWrite } from "./process/lifecycle/spawn.ts";
import { endProcess, forgetDead } from "./process/lifecycle/stop.ts";
import {
  checkGrace,
  type StoppedProcess,
} from "./process/lifecycle/terminate.ts";
import { DEFAULT_GRACE_MS } from "./process/lifecycle/terminate.ts";
import { formatUptime } from "./widget/uptime.ts";
import {
  ProcessWidget,
  processWidget,
  type ProcessWidgetOptions,
} from "./widget.ts";

/** Options of {@linkcode ProcessHandle.terminate}. */
export interface TerminateOptions {
  /** Milliseconds from SIGTERM to SIGKILL, 0 or more. Default 5000. */
  graceMs?: number;
}

/** Everything that is known of a process. */
export interface ProcessInfo extends ProcessSnapshot {
  /** Its process directory. */
  readonly processDir: string;
  /** Environment variables that it gets on top of those of its starter. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder it runs in; null when its directory does not say. */
  readonly cwd: string | null;
}

const $inspect: unique symbol = Symbol.for("Deno.customInspect");

/**
 * A process with a directory: start it, watch it, stop it.
 *
 * As the value of a cell it shows as its widget. Its plain properties tell what
 * was last seen, by {@linkcode ProcessHandle.refresh} or by any other of its
 * methods; the methods look for themselves.
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
  /** The process directory. */
  readonly processDir: string;
  /** What it prints. */
  readonly stdout: LogFile;
  /** What it prints to standard error. */
  readonly stderr: LogFile;
  readonly #reader: ProcessReader;
  #seen: ProcessSnapshot | null = null;
  #widget: ProcessWidget | null = null;

  /**
   * Makes a handle on a process directory, which is not looked at yet.
   *
   * @param processDir The process directory.
   * @param name The process's name.
   */
  constructor(processDir: string, name: string) {
    const files = resolveSource({ processDir, name });
    this.name = name;
    this.processDir = processDir;
    this.#reader = new ProcessReader(files, { lines: 0 });
    const isWritten = () => this.isRunning();
    this.stdout = new LogFile(join(processDir, "stdout.log"), isWritten);
    this.stderr = new LogFile(join(processDir, "stderr.log"), isWritten);
  }

  /** Its id as last seen; null when it did not run. */
  get pid(): number | null {
    return this.#seen?.pid ?? null;
  }

  /** How it was doing when last seen. */
  get status(): ProcessStatus {
    return this.#seen?.status ?? "unknown";
  }

  /** When it started, in epoch milliseconds; null when it did not run. */
  get startedAt(): number | null {
    return this.#seen?.startedAt ?? null;
  }

  /** For how long it has been running, as in "3h 12m"; "-" when it did not run. */
  get uptime(): string {
    const { startedAt } = this;
    return startedAt === null ? "-" : formatUptime(Date.now() - startedAt);
  }

  /** How it ended; null when it ran when last seen, or nothing tells. */
  get exit(): ExitRecord | null {
    return this.#seen?.exit ?? null;
  }

  /** Its last health report, or null when there was none. */
  get health(): HealthReport | null {
    return this.#seen?.health ?? null;
  }

  /**
   * Starts it again with the command that its `config.json` holds. Its logs go
   * on where they were.
   *
   * @throws {Error} If it is running already, or cannot be started; the message
   * says why. Nothing runs then that did not before.
   */
  async start(): Promise<void> {
    try {
      using lock = await lockDir(this.processDir);
      if (lock === null) {
        throw new Error("its directory is gone: run it anew");
      }
      await launch(this.processDir, this.name);
    } catch (error) {
      throw this.#failure("start", error);
    }
    await this.refresh();
  }

  /**
   * Ends it and all that came of it: SIGTERM, a grace, SIGKILL. One that does
   * not run is left as it is.
   *
   * @returns The processes that were ended.
   * @throws {RangeError} If the grace is not a number of 0 or more.
   * @throws {Error} If some of them cannot be ended; the message says why.
   */
  async terminate(options: TerminateOptions = {}): Promise<StoppedProcess[]> {
    const graceMs = checkGrace(options.graceMs ?? DEFAULT_GRACE_MS);
    try {
      return await endProcess(this.processDir, graceMs);
    } catch (error) {
      throw this.#failure("terminate", error);
    } finally {
      await this.refresh();
    }
  }

  /**
   * Terminates it if it runs, and starts it.
   *
   * @throws {Error} As {@linkcode ProcessHandle.terminate} and
   * {@linkcode ProcessHandle.start} do.
   */
  async restart(options: TerminateOptions = {}): Promise<void> {
    await this.terminate(options);
    await this.start();
  }

  /**
   * Looks at it now. What `process_state.json` tells of a process that is gone
   * is removed, as the original does.
   *
   * @returns Itself, for one look in a line.
   */
  async refresh(): Promise<this> {
    let seen = await this.#reader.read();
    if (seen.pid === null && seen.exit === null) {
      // Mere tidiness, which a directory of another user can refuse.
      await forgetDead(this.processDir).catch(() => {});
      seen = await this.#reader.read();
    }
    this.#seen = seen;
    return this;
  }

  /** Whether it runs now. */
  async isRunning(): Promise<boolean> {
    const seen = await this.#reader.read();
    this.#seen = seen;
    return seen.pid !== null;
  }

  /** Everything that is known of it now. */
  async info(): Promise<ProcessInfo> {
    const seen = await this.#reader.read();
    this.#seen = seen;
    const config = await readConfig(this.processDir).catch(() => null);
    const cwd = await readCwd(this.processDir).catch(() => null);
    const { processDir } = this;
    return { ...seen, processDir, env: config?.env ?? {}, cwd };
  }

  #failure(verb: string, cause: unknown): Error {
    const reason = reasonToWrite(cause);
    return new Error(`Cannot ${verb} '${this.name}' as ${reason}`, { cause });
  }

  /**
   * Its widget: the one that it displays as, made on first use. With options, a
   * widget of its own.
   *
   * @throws {TypeError | RangeError} If an option is none that a widget can
   * work with.
   */
  widget(options?: ProcessWidgetOptions): ProcessWidget {
    if (options !== undefined) return processWidget(this, options);
    if (this.#widget === null || this.#widget.closed) {
      this.#widget = new ProcessWidget(this);
    }
    return this.#widget;
  }

  /** What the Deno kernel shows for the handle as the value of a cell. */
  [$display](): Promise<MediaBundle> {
    return this.widget()[$display]();
  }

  /** What `console.log` shows for the handle: what was last seen. */
  [$inspect](): string {
    return this.toString();
  }

  /** The process in one line of text, as last seen. */
  toString(): string {
    const { pid, status, uptime, exit } = this;
    const facts: string[] = [status];
    if (pid !== null) facts.push(`pid ${pid}`, `up ${uptime}`);
    if (exit?.signal) facts.push(`ended by ${exit.signal}`);
    else if (exit && exit.code !== null) facts.push(`exit code ${exit.code}`);
    if (exit?.reason === "ttl") facts.push("its time was over");
    return `ProcessHandle ${this.name}: ${facts.join(", ")}`;
  }
}
