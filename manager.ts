import { exists } from "@std/fs";
import { join } from "@std/path";
import { ProcessHandle, type TerminateOptions } from "./handle.ts";
import {
  dirIn,
  namesIn,
  resolveBase,
} from "./process/directory/base_folder.ts";
import { prepareFunction } from "./process/lifecycle/function_program.ts";
import { type MakeOptions, makeProcess } from "./process/lifecycle/create.ts";
import {
  type CreateOptions,
  type RunFunctionOptions,
  type RunOptions,
  specOf,
} from "./process/lifecycle/run_options.ts";
import { removeStopped } from "./process/directory/remove.ts";
import { settleAll } from "./process/lifecycle/settle.ts";
import { readConfig } from "./process/directory/state_file.ts";
import type { StoppedProcess } from "./process/lifecycle/terminate.ts";

/** Options of {@linkcode ProcessManager}. */
export interface ProcessManagerOptions {
  /**
   * The base folder, which holds one directory for each process. Default:
   * `~/.process-widget`. `~/.syft_process_manager/processes` manages the
   * processes of `syft-process-manager`.
   */
  dir?: string | URL;
  /**
   * Told of each directory that {@linkcode ProcessManager.list} leaves out, as
   * its `config.json` cannot be read. Default: prints a warning.
   */
  onSkipped?: (error: Error) => void;
}

/**
 * The processes of a base folder: made, found, stopped and removed.
 *
 * Managers share nothing but the folder, so any number of them, in any number
 * of kernels, may work on it at the same time.
 */
export class ProcessManager {
  /** The base folder. */
  readonly dir: string;
  readonly #onSkipped: (error: Error) => void;

  /**
   * Makes a manager; the folder need not exist yet.
   *
   * @throws {TypeError} If the folder is no path.
   */
  constructor(options: ProcessManagerOptions = {}) {
    this.dir = resolveBase(options.dir);
    this.#onSkipped = options.onSkipped ??
      ((error) => console.warn(error.message));
  }

  /**
   * Makes a process that is not started yet.
   *
   * @throws {TypeError | RangeError} If an option is none to work with.
   * @throws {Error} If there is a process of that name, or its directory cannot
   * be written; nothing is left of it then.
   */
  create(options: CreateOptions): Promise<ProcessHandle> {
    return this.#make(options, { start: false });
  }

  /**
   * Makes a process and starts it. It outlives the kernel.
   *
   * @throws {TypeError | RangeError} If an option is none to work with.
   * @throws {Error} If there is a process of that name, or it cannot be
   * started; the message says why, and nothing is left of it then.
   */
  run(options: CreateOptions): Promise<ProcessHandle> {
    return this.#make(options, { start: true });
  }

  /** See {@linkcode runFunction}. */
  async runFunction<Args extends unknown[]>(
    fn: (...args: Args) => unknown,
    options: Omit<RunFunctionOptions<Args>, "dir">,
  ): Promise<ProcessHandle> {
    const { args = [], ...rest } = options;
    const prepare = prepareFunction(fn, args);
    const cmd = [Deno.execPath()];
    return await this.#make({ ...rest, cmd }, { start: true, prepare });
  }

  /**
   * The process of this name.
   *
   * @throws {TypeError} If the name is none.
   * @throws {Error} If there is no such process, or its `config.json` cannot be
   * read.
   */
  async get(name: string): Promise<ProcessHandle> {
    const dir = dirIn(this.dir, name);
    if (await readConfig(dir) === null) {
      throw new Error(
        `Cannot get '${name}' as there is no such process in '${this.dir}': run it first`,
      );
    }
    return await new ProcessHandle(dir, name).refresh();
  }

  /**
   * All processes, by name. A directory whose `config.json` cannot be read is
   * left out and reported to `onSkipped`; one without it is none.
   */
  async list(): Promise<ProcessHandle[]> {
    const names = await namesIn(this.dir);
    const found = await Promise.all(names.map((name) => this.#find(name)));
    return found.flatMap((each) => {
      if (each instanceof ProcessHandle) return each;
      if (each !== null) this.#onSkipped(each);
      return [];
    });
  }

  /**
   * Whether there is a process of this name, running or not.
   *
   * @throws {TypeError} If the name is none.
   */
  exists(name: string): Promise<boolean> {
    return exists(join(dirIn(this.dir, name), "config.json"));
  }

  /**
   * Whether the process of this name runs; false when there is none.
   *
   * @throws {TypeError} If the name is none.
   */
  async isRunning(name: string): Promise<boolean> {
    const handle = new ProcessHandle(dirIn(this.dir, name), name);
    return await handle.isRunning();
  }

  /** Looks at all processes now, and clears away what dead ones left behind. */
  refreshAll(): Promise<ProcessHandle[]> {
    return this.list();
  }

  /**
   * Terminates all processes that run, at the same time.
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
   * when there is none.
   *
   * @throws {TypeError} If the name is none.
   * @throws {Error} If it cannot be ended or removed.
   */
  async remove(name: string, options: TerminateOptions = {}): Promise<void> {
    const dir = dirIn(this.dir, name);
    if (!await exists(dir)) return;
    const handle = new ProcessHandle(dir, name);
    await handle.terminate(options);
    await removeStopped(dir, name, () => handle.isRunning());
  }

  /**
   * Terminates and removes all processes, at the same time. What `list` leaves
   * out stays.
   *
   * @throws {AggregateError} If some of them cannot be; the others are gone.
   */
  async removeAll(options: TerminateOptions = {}): Promise<void> {
    const handles = await this.list();
    await settleAll(handles.map(({ name }) => this.remove(name, options)));
  }

  async #make(
    options: CreateOptions,
    how: MakeOptions,
  ): Promise<ProcessHandle> {
    const spec = specOf(options);
    if (options.overwrite) await this.remove(spec.name);
    const dir = await makeProcess(this.dir, spec, how);
    return await new ProcessHandle(dir, spec.name).refresh();
  }

  /** Null when there is no such process; the error when it cannot be read. */
  async #find(name: string): Promise<ProcessHandle | Error | null> {
    const dir = dirIn(this.dir, name);
    try {
      if (await readConfig(dir) === null) return null;
      return await new ProcessHandle(dir, name).refresh();
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

/**
 * Starts a background process that outlives the kernel. As the value of a cell
 * the handle shows as the process's widget.
 *
 * @throws {TypeError | RangeError} If an option is none to work with.
 * @throws {Error} If there is a process of that name, or it cannot be started;
 * the message says why, and nothing is left of it then.
 *
 * @example
 * ```ts no-eval
 * import { run } from "./mod.ts";
 *
 * const server = await run({ name: "server", cmd: ["deno", "run", "server.ts"] });
 * await server.terminate();
 * ```
 */
export function run({ dir, ...options }: RunOptions): Promise<ProcessHandle> {
  return new ProcessManager({ dir }).run(options);
}

/**
 * Runs a function as a Deno process that outlives the kernel, with a health
 * report every 5 s.
 *
 * The function travels as its source, so it can use its arguments, what it
 * defines itself, `import()` and what every Deno program has, but no variable
 * of the notebook. Its process has all permissions, as a notebook has.
 *
 * @param fn The function; it may be async. The process ends with it, with code
 * 1 when it throws.
 * @throws {TypeError | RangeError} If the function, its arguments or an option
 * is none to work with.
 * @throws {Error} If the function uses a variable of the notebook, which the
 * message names, or the process cannot be started.
 *
 * @example
 * ```ts no-eval
 * import { runFunction } from "./mod.ts";
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
 * The process of this name in the default base folder.
 *
 * @throws {TypeError} If the name is none.
 * @throws {Error} If there is no such process.
 */
export function get(name: string): Promise<ProcessHandle> {
  return new ProcessManager().get(name);
}

/** All processes in the default base folder, by name. */
export function list(): Promise<ProcessHandle[]> {
  return new ProcessManager().list();
}
