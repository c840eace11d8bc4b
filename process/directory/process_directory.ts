import { delay } from "@std/async";
import { basename, dirname, join } from "@std/path";
import {
  createEmpty,
  removeIfExists,
  writeAtomically,
} from "../files/atomic_write.ts";
import {
  checkOwnFile,
  checkOwnFolder,
  closeToOthers,
  makeOwnFolder,
  makeOwnFolders,
} from "../files/ownership.ts";
import { ParsedFile } from "../files/parsed_file.ts";
import { ReasonError } from "../files/reading.ts";
import { exists } from "../files/regular_file.ts";
import type { ProcessIdentity } from "../system/identity.ts";
import { localProcessTable } from "../system/local_process_table.ts";
import { readPidScope } from "../system/pid_scope.ts";
import { DIR_VARIABLE, NAME_VARIABLE } from "../system/process_table.ts";
import { ProcessTracker } from "../system/tracker.ts";
import {
  type ExitRecord,
  formatConfig,
  formatExit,
  formatLaunch,
  formatStart,
  formatState,
  formatStopMarker,
  parseConfig,
  parseExit,
  parseLaunch,
  parseStopMarker,
  type ProcessConfig,
  type ProcessSpec,
  type ProcessState,
} from "./formats.ts";
import { lockFile } from "./lock.ts";
import { StateReader } from "./state_reader.ts";

/** How long a stop marker outlasts the grace period, in milliseconds. */
const STOP_MARGIN_MS = 10_000;

/** How long the supervisor may take to record an exit, in milliseconds. */
const RECORD_MS = 500;

/**
 * The directory of one process on disk: its file names, its lock, and the order
 * in which its files are written and removed.
 *
 * | file | content |
 * | --- | --- |
 * | `config.json` | how the process is to be run; a directory without it holds no process |
 * | `launch.json` | the working directory |
 * | `process_state.json` | which process runs; removed when it ends |
 * | `start.json` | where it was started and by whom; written before the state and removed after it |
 * | `health.json` | written by the process itself |
 * | `exit.json` | how the last run ended |
 * | `stop.json` | exists while the process is being ended on request |
 * | `stdout.log`, `stderr.log` | what the process prints |
 *
 * A process that runs as a job has other files than `process_state.json`,
 * `start.json` and `stop.json`, as its pid means nothing on this machine:
 *
 * | file | content |
 * | --- | --- |
 * | `job.sh` | the batch script, which writes `job_start.json` and `exit.json` |
 * | `job.json` | as which job it was submitted |
 * | `job_start.json` | where it runs |
 * | `job_end.json` | what the scheduler said of its end |
 * | `tasks/` | the process directories of the tasks of an array, by their indexes |
 * | `job_stop` | the id of the job that is being ended, and its grace period in seconds |
 *
 * The names are those of `syft-process-manager`, apart from `launch.json`,
 * `start.json`, `exit.json`, `stop.json` and those of jobs, which it does not
 * know.
 *
 * Its lock is beside it, in the folder `.locks` of the base folder: on NFS, a
 * folder cannot be removed while a file in it is open.
 */
export class ProcessDirectory {
  /** The absolute path of the directory. */
  readonly path: string;
  /** The name of the process. */
  readonly name: string;

  /**
   * Refers to a directory, which need not exist yet.
   *
   * @param path The absolute path.
   * @param name The name of the process. Default: the last part of the path.
   */
  constructor(path: string, name: string = basename(path) || path) {
    this.path = path;
    this.name = name;
  }

  /** The path of `config.json`. */
  get configFile(): string {
    return this.file("config.json");
  }

  /** The path of `process_state.json`. */
  get stateFile(): string {
    return this.file("process_state.json");
  }

  /** The path of `start.json`. */
  get startFile(): string {
    return this.file("start.json");
  }

  /** The path of `exit.json`. */
  get exitFile(): string {
    return this.file("exit.json");
  }

  /** The path of `health.json`. */
  get healthFile(): string {
    return this.file("health.json");
  }

  /** The path of the log of standard output. */
  get stdoutLog(): string {
    return this.file("stdout.log");
  }

  /** The path of the log of standard error. */
  get stderrLog(): string {
    return this.file("stderr.log");
  }

  get #launchFile(): string {
    return this.file("launch.json");
  }

  get #stopFile(): string {
    return this.file("stop.json");
  }

  /** The path of `job.json`. */
  get jobFile(): string {
    return this.file("job.json");
  }

  /** The path of `job_start.json`. */
  get jobStartFile(): string {
    return this.file("job_start.json");
  }

  /** The path of `job_end.json`. */
  get jobEndFile(): string {
    return this.file("job_end.json");
  }

  /** The folder of the tasks of an array. */
  get tasksFolder(): string {
    return this.file("tasks");
  }

  /** Returns the process directory of a task of an array. */
  task(index: number): ProcessDirectory {
    const path = join(this.tasksFolder, String(index));
    return new ProcessDirectory(path, `${this.name}-${index}`);
  }

  /** The path of `job_stop`. */
  get jobStopFile(): string {
    return this.file("job_stop");
  }

  /** The path of the script that a job runs. */
  get jobScript(): string {
    return this.file("job.sh");
  }

  /** The environment variables from which a process learns its name and directory. */
  get environment(): Record<string, string> {
    return { [NAME_VARIABLE]: this.name, [DIR_VARIABLE]: this.path };
  }

  /** Returns the path of a file in the directory. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Returns whether the directory holds a process, running or not. */
  exists(): Promise<boolean> {
    return exists(this.configFile);
  }

  /**
   * Locks the directory until the lock is disposed of, among all kernels of
   * this machine. Waits up to 10 s.
   *
   * @returns The lock, or null if the directory does not exist.
   * @throws {ReasonError} If the directory belongs to another user.
   * @throws {LockedError} If another kernel does not unlock it in time.
   */
  async lock(): Promise<Disposable | null> {
    // First, so that nothing is created where there is no such directory.
    if (!await this.checkOwner()) return null;
    const lock = await this.#lock();
    // The previous holder may have removed the directory.
    if (lock === null || await this.checkOwner()) return lock;
    lock[Symbol.dispose]();
    return null;
  }

  /**
   * Checks that the directory belongs to this user, root included: its files say
   * what is run and what is signaled.
   *
   * @returns Whether it exists.
   * @throws {ReasonError} If it belongs to another user or is a symbolic link.
   */
  checkOwner(): Promise<boolean> {
    return checkOwnFolder(this.path);
  }

  /**
   * Makes an existing directory accessible to this user only, for a caller that
   * is about to run what its files say.
   *
   * @throws {ReasonError} If one of those files belongs to another user.
   */
  async secure(): Promise<void> {
    await closeToOthers(this.path);
    await checkOwnFile(this.configFile);
    await checkOwnFile(this.#launchFile);
  }

  /**
   * Creates the directory and its base folder, and locks it. A directory left
   * incomplete by a crash is reused.
   *
   * @returns The lock.
   * @throws {ReasonError} If the directory already holds a process, or belongs
   * to another user.
   */
  async create(): Promise<Disposable> {
    await makeOwnFolders(dirname(this.path));
    const lock = await this.#lock();
    if (lock === null) throw new ReasonError("its base folder was removed");
    try {
      if (!await makeOwnFolder(this.path)) {
        await this.checkOwner();
        if (await this.exists()) {
          throw new ReasonError(
            "there is a process of that name: get() returns it, { overwrite: true } replaces it",
          );
        }
        await this.secure();
      }
      return lock;
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  get #lockFile(): string {
    return join(dirname(this.path), ".locks", `${basename(this.path)}.lock`);
  }

  /** Returns null if the base folder does not exist. */
  async #lock(): Promise<Disposable | null> {
    const folder = dirname(this.#lockFile);
    try {
      await makeOwnFolder(folder);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      if (!isReadOnly(error) || !await exists(this.path)) throw error;
      // A directory that cannot be removed either.
      return await lockFile(this.file("start.lock"));
    }
    await checkOwnFolder(folder);
    return await lockFile(this.#lockFile);
  }

  /**
   * Reads how the process is to be run; null if there is no process.
   *
   * @throws {Error} If `config.json` cannot be read or parsed.
   */
  readConfig(): Promise<ProcessConfig | null> {
    return readFile(this.configFile, parseConfig);
  }

  /**
   * Reads the working directory of the process; null if it is not recorded.
   *
   * @throws {Error} If `launch.json` cannot be read or parsed.
   */
  readCwd(): Promise<string | null> {
    return readFile(this.#launchFile, parseLaunch);
  }

  /** Writes how the process is to be run. The directory is complete afterwards. */
  async writeSpec(spec: ProcessSpec): Promise<void> {
    await writeAtomically(this.#launchFile, formatLaunch(spec));
    // Last: a directory with a config is complete.
    await writeAtomically(this.configFile, formatConfig(spec, this.path));
  }

  /**
   * Reads which process is recorded as running; null if none is.
   *
   * @throws {ReasonError} If that is unknown, or the process runs elsewhere.
   */
  async readState(): Promise<ProcessState | null> {
    const { value, error, elsewhere } = await new StateReader(this).read();
    if (error === null) return value;
    throw new ReasonError(
      elsewhere ??
        `it may be running. ${error}. If it is not running, delete that file`,
    );
  }

  /** Records which process runs. */
  async writeState(state: ProcessState): Promise<void> {
    await writeAtomically(this.stateFile, formatState(state));
  }

  /**
   * Records that a process runs here.
   *
   * @param supervisor The process that records its exit; null if none does.
   */
  async writeRunning(
    { pid, startTime: createTime, startTicks }: ProcessIdentity,
    supervisor: ProcessIdentity | null,
  ): Promise<void> {
    const start = {
      pid,
      createTime,
      startTicks,
      ...await readPidScope(),
      supervisorPid: supervisor?.pid ?? null,
      supervisorStartTicks: supervisor?.startTicks ?? null,
    };
    // Before the state, as readers expect it when they find a new state.
    await writeAtomically(this.startFile, formatStart(start));
    await this.writeState({ pid, createTime, createdAt: Date.now() });
  }

  /** Records that another process records the exit of the running one. */
  async writeSupervisor(
    { pid, startTicks }: ProcessIdentity,
  ): Promise<void> {
    const start = (await this.readState())?.start;
    if (!start) return;
    const supervised = {
      ...start,
      supervisorPid: pid,
      supervisorStartTicks: startTicks,
    };
    await writeAtomically(this.startFile, formatStart(supervised));
  }

  /** Removes the record of which process runs. */
  async removeState(): Promise<void> {
    await removeIfExists(this.stateFile);
    await removeIfExists(this.startFile);
  }

  /**
   * Finds the running process by its state file; null if it is not running.
   *
   * @throws {ReasonError} If its state is unknown, or it runs elsewhere.
   * @throws {Error} If the process table cannot be read.
   */
  async findRunning(): Promise<ProcessIdentity | null> {
    const state = await this.readState();
    return state && await findRecorded(state);
  }

  /**
   * Finds the running process for a caller that will signal it.
   *
   * @throws {ReasonError} If its start is not recorded, so that it may be a
   * later owner of its pid, and as {@linkcode ProcessDirectory.findRunning}.
   */
  async findToSignal(): Promise<ProcessIdentity | null> {
    const state = await this.readState();
    const found = state && await findRecorded(state);
    if (!found || (state.startTicks ?? state.createTime) !== null) return found;
    throw new ReasonError(
      `'${this.stateFile}' does not record when process ${found.pid} started, so it may be another one: end it yourself, or delete that file`,
    );
  }

  /** Removes the health report of the previous run. */
  async removeHealth(): Promise<void> {
    await removeIfExists(this.healthFile);
  }

  /** Removes how the previous run ended. */
  async removeExit(): Promise<void> {
    await removeIfExists(this.exitFile);
    await this.removeStopMarker();
  }

  /**
   * Records how the process ended, and removes what exists only while it runs.
   * Does nothing if another process was started here meanwhile, or the
   * directory was removed.
   */
  async recordExit(exit: ExitRecord): Promise<void> {
    using lock = await this.lock();
    if (lock === null) return;
    // An unreadable record must not keep the exit from being recorded.
    const { value: state } = await new StateReader(this).read();
    if (state !== null && !isExitOf(exit, state)) return;
    await this.writeExit(await this.#completed(exit));
  }

  /**
   * Combines two records of one exit: who ended a process knows why, its
   * supervisor with which code or signal.
   */
  async #completed(exit: ExitRecord): Promise<ExitRecord> {
    const { value: known } = await new ParsedFile(this.exitFile, parseExit)
      .read();
    const isSame = known !== null && known.pid === exit.pid &&
      known.createTime === exit.createTime;
    if (!isSame || known.reason === "exited") return exit;
    return { ...exit, reason: known.reason };
  }

  /** Does the same for a caller that holds the lock. */
  async writeExit(exit: ExitRecord): Promise<void> {
    await writeAtomically(this.exitFile, formatExit(exit));
    await this.removeState();
    await this.removeStopMarker();
  }

  /**
   * Marks that the process with this pid is about to be ended on request. On a
   * full disk, the marker is an empty file.
   */
  async writeStopMarker(pid: number, graceMs: number): Promise<void> {
    const until = Date.now() + graceMs + STOP_MARGIN_MS;
    try {
      await writeAtomically(this.#stopFile, formatStopMarker({ pid, until }));
    } catch {
      await createEmpty(this.#stopFile);
    }
  }

  /** Returns whether the process with this pid was marked to be ended on request. */
  async hasStopMarker(pid: number): Promise<boolean> {
    const file = new ParsedFile(
      this.#stopFile,
      (text) => text === "" ? "any" : parseStopMarker(text),
    );
    const { value: marker } = await file.read();
    return marker === "any" ||
      marker?.pid === pid && Date.now() <= marker.until;
  }

  /** Removes the stop marker: the exit is recorded, or did not happen. */
  async removeStopMarker(): Promise<void> {
    await removeIfExists(this.#stopFile);
  }

  /**
   * Waits up to 500 ms for the supervisor to record the exit, after which it
   * removes the stop marker.
   *
   * @returns Whether it did.
   */
  waitUntilExitRecorded(): Promise<boolean> {
    return waitUntilRemoved(this.#stopFile, RECORD_MS);
  }

  /**
   * Waits up to 500 ms for the supervisor of a process that has exited to
   * record that, after which it removes the state. Does not wait for a
   * supervisor that has exited as well.
   *
   * @returns Whether it did.
   */
  async waitUntilStateRemoved(): Promise<boolean> {
    const { value: state } = await new StateReader(this).read();
    const pid = state?.start?.supervisorPid ?? null;
    if (pid === null || state?.rebooted) return false;
    const startTicks = state?.start?.supervisorStartTicks ?? null;
    const supervisor = { pid, startTime: null, startTicks };
    if (!await localProcessTable.isRunning(supervisor)) return false;
    return await waitUntilRemoved(this.stateFile, RECORD_MS);
  }

  /** Removes the state of a process that is no longer running. */
  async removeStaleState(): Promise<void> {
    if (!await exists(this.stateFile)) return;
    if (await this.waitUntilStateRemoved()) return;
    // Locked, so that no process is being started here.
    using lock = await this.lock();
    if (lock === null || await this.readState() === null) return;
    if (await this.findRunning() === null) await this.removeState();
  }

  /**
   * Removes the directory with everything in it, for a caller that holds the
   * lock.
   */
  async remove(): Promise<void> {
    // First: an incomplete removal leaves no process behind.
    await removeIfExists(this.configFile);
    await removeIfExists(this.path);
    await removeIfExists(this.#lockFile);
  }

  /**
   * Removes the directory unless its process is active. Does nothing if there is
   * no directory.
   *
   * @throws {Error} If the process was started again, or the directory cannot
   * be removed. The message is the clause after "as" in "Cannot remove 'x' as …".
   */
  async removeUnless(isActive: () => Promise<boolean>): Promise<void> {
    // Locked, so that nobody starts the process meanwhile.
    using lock = await this.lock();
    if (lock === null) return;
    if (await isActive()) {
      throw new ReasonError(
        "another kernel has just started it: remove it again",
      );
    }
    await this.remove();
  }
}

/** Finds a recorded process; the clock may have been set since its start. */
async function findRecorded(
  state: ProcessState,
): Promise<ProcessIdentity | null> {
  const found = await new ProcessTracker(localProcessTable).find(state);
  return found && { ...found, startTime: state.createTime ?? found.startTime };
}

/** Returns whether an exit is that of the recorded process, not of an earlier one. */
function isExitOf(
  exit: ExitRecord,
  { pid, createTime }: ProcessState,
): boolean {
  return exit.pid === pid &&
    (exit.createTime ?? createTime) === (createTime ?? exit.createTime);
}

/**
 * Reads a file of the directory; null if it does not exist.
 *
 * @throws {Error} If it cannot be read or parsed.
 */
async function readFile<T>(
  path: string,
  parse: (text: string) => T,
): Promise<T | null> {
  const { value, error } = await new ParsedFile(path, parse).read();
  if (error !== null) throw new Error(error);
  return value;
}

function isReadOnly(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Error && "code" in error && error.code === "EROFS";
}

/** Waits until a file is removed; returns whether it was, in time. */
async function waitUntilRemoved(
  path: string,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await exists(path)) {
    if (performance.now() > deadline) return false;
    await delay(5);
  }
  return true;
}
