import { ProcessHandle, type TerminateOptions } from "./handle.ts";
import { $display, type MediaBundle } from "./jupyter/display.ts";
import {
  directoriesIn,
  directoryIn,
  resolveBase,
} from "./process/directory/base_folder.ts";
import type { ProcessDirectory } from "./process/directory/process_directory.ts";
import { describeReadFailure } from "./process/files/reading.ts";
import { describeWriteError } from "./process/files/write_error.ts";
import {
  createProcess,
  type CreateProcessOptions,
  removeStopped,
} from "./process/lifecycle/create.ts";
import { prepareFunction } from "./process/lifecycle/function_program.ts";
import {
  type CreateOptions,
  resolveSpec,
  type RunFunctionOptions,
  type RunOptions,
} from "./process/lifecycle/run_options.ts";
import type { StoppedProcess } from "./process/lifecycle/terminate.ts";
import { ProcessDashboard } from "./widget/dashboard/dashboard.ts";
import type { DashboardOptions } from "./widget/dashboard/options.ts";
import type { DashboardSource } from "./widget/dashboard/source.ts";

/** Options of {@linkcode ProcessManager}. */
export interface ProcessManagerOptions {
  /**
   * The base folder, which holds one directory for each process. Default:
   * `~/.process-widget`. `~/.syft_process_manager/processes` manages the
   * processes of `syft-process-manager`.
   */
  dir?: string | URL;
  /**
   * Receives an error for each directory that {@linkcode ProcessManager.list}
   * skips because its `config.json` cannot be read. Default: prints a warning.
   */
  onSkipped?: (error: Error) => void;
}

/**
 * Creates, finds, terminates and removes the processes of a base folder.
 *
 * Managers share nothing but the folder, so several of them, in several
 * kernels, may use it at the same time. As the value of a cell a manager displays
 * as a live table of its processes.
 */
export class ProcessManager {
  /** The base folder. */
  readonly dir: string;
  readonly #onSkipped: (error: Error) => void;
  #dashboard: ProcessDashboard | null = null;

  /**
   * Creates a manager; the folder need not exist yet.
   *
   * @throws {TypeError} If the folder is not a path.
   */
  constructor(options: ProcessManagerOptions = {}) {
    this.dir = resolveBase(options.dir);
    this.#onSkipped = options.onSkipped ??
      ((error) => console.warn(error.message));
  }

  /**
   * Creates a process without starting it.
   *
   * @throws {TypeError | RangeError} If an option is invalid.
   * @throws {Error} If there is a process of that name, or its directory cannot
   * be written; nothing of it remains then.
   */
  create(options: CreateOptions): Promise<ProcessHandle> {
    return this.#create(options, { start: false });
  }

  /**
   * Creates a process and starts it. It outlives the kernel.
   *
   * @throws {TypeError | RangeError} If an option is invalid.
   * @throws {Error} If there is a process of that name, or it cannot be
   * started; the message gives the reason, and nothing of it remains.
   */
  run(options: CreateOptions): Promise<ProcessHandle> {
    return this.#create(options, { start: true });
  }

  /** See {@linkcode runFunction}. */
  async runFunction<Args extends unknown[]>(
    fn: (...args: Args) => unknown,
    options: Omit<RunFunctionOptions<Args>, "dir">,
  ): Promise<ProcessHandle> {
    const { args = [], ...rest } = options;
    const prepare = prepareFunction(fn, args);
    const cmd = [Deno.execPath()];
    return await this.#create({ ...rest, cmd }, { start: true, prepare });
  }

  /**
   * Returns the process with this name.
   *
   * @throws {TypeError} If the name is invalid.
   * @throws {Error} If there is no such process, or its `config.json` cannot be
   * read.
   */
  async get(name: string): Promise<ProcessHandle> {
    const directory = directoryIn(this.dir, name);
    if (await directory.readConfig() === null) {
      throw new Error(
        `Cannot get '${name}' as there is no such process in '${this.dir}': run it first`,
      );
    }
    return await handleOn(directory).refresh();
  }

  /**
   * Lists all processes, sorted by name. A directory whose `config.json` cannot
   * be read is skipped and reported to `onSkipped`; one without it is no
   * process. As the value of a cell the list displays as a live table.
   */
  async list(): Promise<ProcessHandle[]> {
    const directories = await directoriesIn(this.dir);
    const found = await Promise.all(directories.map(findProcess));
    const handles = found.flatMap((each) => {
      if (each instanceof ProcessHandle) return each;
      if (each !== null) this.#onSkipped(each);
      return [];
    });
    return displayable(handles);
  }

  /**
   * Returns whether there is a process with this name, running or not.
   *
   * @throws {TypeError} If the name is invalid.
   */
  async exists(name: string): Promise<boolean> {
    const directory = directoryIn(this.dir, name);
    try {
      return await directory.exists();
    } catch (error) {
      throw new Error(describeReadFailure(directory.path, error));
    }
  }

  /**
   * Returns whether the process with this name is running here; false if there
   * is none, or its status is "unknown".
   *
   * @throws {TypeError} If the name is invalid.
   */
  async isRunning(name: string): Promise<boolean> {
    return await handleOn(directoryIn(this.dir, name)).isRunning();
  }

  /**
   * Terminates all running processes in parallel.
   *
   * @returns What was ended of each, by name.
   * @throws {AggregateError} If some of them cannot be ended; the others are.
   */
  async terminateAll(
    options: TerminateOptions = {},
  ): Promise<Map<string, StoppedProcess[]>> {
    const handles = await this.list();
    const ended = await settleAll(handles.map(async (handle) => {
      return [handle.name, await handle.terminate(options)] as const;
    }));
    return new Map(ended);
  }

  /**
   * Terminates a process and removes its directory with its logs. Does nothing
   * if there is none.
   *
   * @throws {TypeError} If the name is invalid.
   * @throws {Error} If it cannot be ended or removed.
   */
  async remove(name: string, options: TerminateOptions = {}): Promise<void> {
    const directory = directoryIn(this.dir, name);
    if (!await orCannotRemove(name, directory.checkOwner())) return;
    await handleOn(directory).terminate(options);
    await orCannotRemove(name, removeStopped(directory));
  }

  /**
   * Terminates and removes all processes in parallel. What `list` skips stays.
   *
   * @throws {AggregateError} If some of them cannot be removed; the others are.
   */
  async removeAll(options: TerminateOptions = {}): Promise<void> {
    const handles = await this.list();
    await settleAll(handles.map(({ name }) => this.remove(name, options)));
  }

  /**
   * Returns the dashboard that it displays as, created on first use. With options,
   * creates another one.
   *
   * @throws {TypeError | RangeError} If an option is invalid.
   */
  dashboard(options?: DashboardOptions): ProcessDashboard {
    if (options !== undefined) return processDashboard(this, options);
    if (this.#dashboard === null || this.#dashboard.closed) {
      this.#dashboard = processDashboard(this);
    }
    return this.#dashboard;
  }

  /** Returns the output that shows its dashboard: the Deno kernel calls it for the
   * value of a cell, as do `Deno.jupyter.display` and `Deno.jupyter.format`. */
  [$display](): Promise<MediaBundle> {
    return this.dashboard()[$display]();
  }

  async #create(
    options: CreateOptions,
    how: CreateProcessOptions,
  ): Promise<ProcessHandle> {
    const spec = resolveSpec(options);
    if (options.overwrite) await this.remove(spec.name);
    const directory = directoryIn(this.dir, spec.name);
    await createProcess(directory, spec, how);
    return await handleOn(directory).refresh();
  }
}

/** Lets a list of handles display as a live table, once for each time. */
function displayable(handles: ProcessHandle[]): ProcessHandle[] {
  return Object.defineProperty(handles, $display, {
    value: () => processDashboard([...handles])[$display](),
  });
}

function handleOn({ path, name }: ProcessDirectory): ProcessHandle {
  return new ProcessHandle(path, name);
}

async function orCannotRemove<T>(name: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    const reason = describeWriteError(cause);
    throw new Error(`Cannot remove '${name}' as ${reason}`, { cause });
  }
}

/** Returns null if there is no process, or the error if it cannot be read. */
async function findProcess(
  directory: ProcessDirectory,
): Promise<ProcessHandle | Error | null> {
  try {
    if (await directory.readConfig() === null) return null;
    return await handleOn(directory).refresh();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Waits for all promises, even if some are rejected.
 *
 * @returns Their values, in order.
 * @throws {AggregateError} If any was rejected; its message has a line for each.
 */
export async function settleAll<T>(promises: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? result.reason : []
  );
  if (errors.length > 0) {
    const messages = errors.map((error) =>
      error instanceof Error ? error.message : String(error)
    );
    throw new AggregateError(errors, messages.join("\n"));
  }
  return results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : []
  );
}

/**
 * Starts a background process that outlives the kernel. As the value of a cell
 * its handle displays as a widget.
 *
 * @throws {TypeError | RangeError} If an option is invalid.
 * @throws {Error} If there is a process of that name, or it cannot be started;
 * the message gives the reason, and nothing of it remains.
 *
 * @example
 * ```ts no-eval
 * import { run } from "@process-widget/process-widget";
 *
 * const server = await run({ name: "server", cmd: ["deno", "run", "server.ts"] });
 * await server.terminate();
 * ```
 */
export function run({ dir, ...options }: RunOptions): Promise<ProcessHandle> {
  return new ProcessManager({ dir }).run(options);
}

/**
 * Runs a function as a Deno process that outlives the kernel, and reports its
 * health every 5 s.
 *
 * Only the source of the function is passed on, so it can use its arguments,
 * what it defines itself, `import()` and Deno's globals, but no variable of the
 * notebook. Like a notebook, the process has all permissions.
 *
 * @param fn The function; it may be async. The process exits when it returns,
 * and with code 1 if it throws.
 * @throws {TypeError | RangeError} If the function, an argument or an option is
 * invalid.
 * @throws {Error} If the function uses a variable of the notebook, which the
 * message names, or the process cannot be started.
 *
 * @example
 * ```ts no-eval
 * import { runFunction } from "@process-widget/process-widget";
 *
 * await runFunction(async (seconds) => {
 *   for (let i = 0; ; i++) {
 *     console.log(i);
 *     await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
 *   }
 * }, { name: "counter", args: [2], ttlSeconds: 3600 });
 * ```
 */
export function runFunction<Args extends unknown[]>(
  fn: (...args: Args) => unknown,
  { dir, ...options }: RunFunctionOptions<Args>,
): Promise<ProcessHandle> {
  return new ProcessManager({ dir }).runFunction(fn, options);
}

/**
 * Returns the process with this name in the default base folder.
 *
 * @throws {TypeError} If the name is invalid.
 * @throws {Error} If there is no such process.
 */
export function get(name: string): Promise<ProcessHandle> {
  return new ProcessManager().get(name);
}

/** Lists all processes in the default base folder, sorted by name. */
export function list(): Promise<ProcessHandle[]> {
  return new ProcessManager().list();
}

/**
 * Shows many background processes live, in one table: each is a row that expands
 * into the card of the process.
 *
 * @param source A manager, for all processes of its base folder, or anything that
 * `processWidget` takes, or a list of these. Default: the manager of the default
 * base folder.
 * @throws {TypeError} If a source or an option is invalid.
 * @throws {RangeError} If the interval is out of range.
 *
 * @example
 * ```ts no-eval
 * import {
 *   processDashboard,
 *   ProcessManager,
 * } from "@process-widget/process-widget";
 *
 * processDashboard([
 *   new ProcessManager({ dir: "./jobs" }),
 *   { name: "nginx", pidFile: "/run/nginx.pid" },
 * ]);
 * ```
 */
export function processDashboard(
  source: DashboardSource = new ProcessManager(),
  options: DashboardOptions = {},
): ProcessDashboard {
  return new ProcessDashboard(source, options);
}
