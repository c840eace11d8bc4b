import {
  parseConfig,
  type ProcessConfig,
  type RunnerSpec,
  SUBPROCESS,
} from "./directory/formats.ts";
import { type HealthReport, parseHealth } from "./directory/health.ts";
import { ProcessDirectory } from "./directory/process_directory.ts";
import { describeFolderFailure } from "./files/folder.ts";
import { ParsedFile } from "./files/parsed_file.ts";
import type { QuietFiles } from "./files/quiet.ts";
import type { Reading } from "./files/reading.ts";
import { type Liveness, LivenessReader, UNKNOWN } from "./liveness.ts";
import {
  checkLines,
  DEFAULT_LINES,
  type LogLines,
  LogTail,
} from "./logs/tail.ts";
import type { ProcessSnapshot, ProcessStatus } from "./snapshot.ts";
import { tasksOf } from "./slurm/array.ts";
import { ArrayReader } from "./slurm/array_reader.ts";
import { JobReader } from "./slurm/job_reader.ts";
import type { WatchedFiles } from "./source.ts";
import { localProcessTable } from "./system/local_process_table.ts";
import type { ProcessTable } from "./system/process_table.ts";
import { type ProcessUsage, UsageMeter } from "./system/usage.ts";

/** Options of {@linkcode ProcessReader}. */
export interface ProcessReaderOptions {
  /** How many lines of each log to keep, from 0 to 10,000. Default: 20. */
  lines?: number;
  /** Where to find processes. Default: this machine's process table. */
  table?: ProcessTable;
  /** Tells which polls need not read the files. Default: all read them. */
  quiet?: QuietFiles;
}

const NOTHING: Reading<null> = { value: null, error: null };
const NO_LINES: Reading<LogLines> = {
  value: { first: 0, lines: [] },
  error: null,
};

/** What only changes if a file does. */
const FROM_FILES = [
  "command",
  "health",
  "exit",
  "stdoutLines",
  "stderrLines",
] as const satisfies readonly (keyof ProcessSnapshot)[];

/**
 * Polls a process: whether it runs, its health, its usage, what it prints.
 *
 * It never writes. A poll that finds no change costs a few stats and one read
 * in `/proc`.
 *
 * @example
 * ```ts ignore
 * using reader = new ProcessReader(resolveSource("./my-process"));
 * const { status, stdoutLines } = await reader.read();
 * ```
 */
export class ProcessReader implements Disposable {
  /** The files that are polled. */
  readonly files: WatchedFiles;
  readonly #config: ParsedFile<ProcessConfig> | null;
  readonly #liveness: LivenessReader;
  readonly #health: ParsedFile<HealthReport> | null;
  readonly #stdout: LogTail | null;
  readonly #stderr: LogTail | null;
  readonly #usage: UsageMeter;
  readonly #quiet: QuietFiles | undefined;
  /** Exists if the process runs as a job. */
  #job: JobReader | ArrayReader | null = null;
  /** The array that it is. */
  #array: unknown;
  #lines: number;
  #lastUsage: ProcessUsage | null = null;
  #last: ProcessSnapshot | null = null;
  /** How many lines of each log the last poll kept. */
  #lastLines = NaN;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * Prepares to poll; reads nothing yet.
   *
   * @param files What to poll, as returned by `resolveSource`.
   * @throws {RangeError} If `lines` is not a whole number from 0 to 10,000.
   */
  constructor(files: WatchedFiles, options: ProcessReaderOptions = {}) {
    const { lines = DEFAULT_LINES, table = localProcessTable } = options;
    checkLines(lines);
    this.files = files;
    this.#lines = lines;
    this.#quiet = options.quiet;
    const { configFile, healthFile, stdout, stderr } = files;
    this.#config = configFile === null
      ? null
      : new ParsedFile(configFile, parseConfig);
    this.#liveness = new LivenessReader(files, table);
    this.#usage = new UsageMeter(table);
    this.#health = healthFile === null
      ? null
      : new ParsedFile(healthFile, parseHealth);
    this.#stdout = stdout === null ? null : new LogTail(stdout, lines);
    this.#stderr = stderr === null ? null : new LogTail(stderr, lines);
  }

  /**
   * How many lines of each log are kept. A new number applies from the next poll.
   *
   * @throws {RangeError} If set to anything but a whole number from 0 to 10,000.
   */
  get lines(): number {
    return this.#lines;
  }

  set lines(lines: number) {
    checkLines(lines);
    this.#lines = lines;
    this.#quiet?.expire();
    if (this.#stdout) this.#stdout.lines = lines;
    if (this.#stderr) this.#stderr.lines = lines;
  }

  /**
   * Polls once. What cannot be read is described in the snapshot's `error`,
   * beside the last known values. The arrays of lines are the same objects as
   * before if nothing was printed. Never rejects; concurrent calls are served
   * one after the other. With `usage: false`, its usage is the last measured one.
   */
  read({ usage = true } = {}): Promise<ProcessSnapshot> {
    const poll = this.#queue.then(() => this.#poll(usage));
    this.#queue = poll;
    return poll;
  }

  /** Makes the next poll read all files, whether they seem to have changed or not. */
  expire(): void {
    this.#quiet?.expire();
  }

  /** Holds nothing that only helps frequent polls, until the next one. */
  rest(): void {
    const quiet = this.#quiet;
    // A poll that is running must not undo it.
    if (quiet) this.#queue = this.#queue.then(() => quiet.rest());
  }

  /**
   * Closes logs that were deleted, as their space is only freed then. Polling
   * does the same. Never rejects.
   */
  async releaseDeletedLogs(): Promise<void> {
    await this.#stdout?.releaseDeleted();
    await this.#stderr?.releaseDeleted();
  }

  /** Closes the logs, at once or after the current poll. Idempotent. */
  close(): void {
    this.#stdout?.close();
    this.#stderr?.close();
    this.rest();
  }

  /** Does the same as {@linkcode ProcessReader.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #poll(measures: boolean): Promise<ProcessSnapshot> {
    const found = this.#quiet && await this.#pollQuietly(this.#quiet, measures);
    return this.#last = found ?? await this.#readAll(measures);
  }

  /** Looks at the process only; returns null if the files have to be read. */
  async #pollQuietly(
    quiet: QuietFiles,
    measures: boolean,
  ): Promise<ProcessSnapshot | null> {
    const last = this.#last;
    if (!await quiet.isQuiet() || last === null) return null;
    const liveness = await this.#liveness.recheck().catch(() => null);
    if (liveness === null) return null;
    await this.#measure(measures, liveness.pid);
    const status = statusOf(liveness, last.health);
    return { ...last, status, usage: this.#lastUsage };
  }

  async #readAll(measures: boolean): Promise<ProcessSnapshot> {
    if (this.#quiet) await this.#quiet.begin();
    const lines = this.#lines;
    const reading = this.#config?.read();
    const [config, liveness, health, stdout, stderr] = await Promise.all([
      reading ?? NOTHING,
      this.#readLiveness(measures, reading),
      this.#health?.read() ?? NOTHING,
      this.#stdout?.read() ?? NO_LINES,
      this.#stderr?.read() ?? NO_LINES,
    ]);
    const { pid, startedAt, exit, job } = liveness.value;
    const readings = [config, liveness, health, stdout, stderr];
    const errors = readings.flatMap(({ error }) => error ?? []);
    const snapshot = {
      name: this.#nameIn(config.value),
      status: statusOf(liveness.value, health.value),
      pid,
      startedAt,
      exit,
      job,
      command: config.value?.cmd ?? null,
      ttlSeconds: config.value?.ttlSeconds ?? null,
      health: health.value,
      usage: this.#lastUsage,
      stdoutFirst: stdout.value.first,
      stdoutLines: stdout.value.lines,
      stderrFirst: stderr.value.first,
      stderrLines: stderr.value.lines,
      error: errors.length === 0 ? null : await this.#summarize(errors),
    };
    // What a scheduler does changes no file.
    if (errors.length === 0 && job === null) this.#settle(snapshot, lines);
    return snapshot;
  }

  /** Lets the next polls be quiet, after one that found no obstacle. */
  #settle(snapshot: ProcessSnapshot, lines: number): void {
    if (this.#stdout?.hasOtherPath || this.#stderr?.hasOtherPath) return;
    this.#quiet?.settle(this.#isChanged(snapshot, lines));
    this.#lastLines = lines;
  }

  /** Returns whether a file has changed since the last poll. */
  #isChanged(snapshot: ProcessSnapshot, lines: number): boolean {
    const last = this.#last;
    // Other lines are kept, and other files read, for other reasons as well.
    if (lines !== this.#lastLines || snapshot.pid !== last?.pid) return false;
    return FROM_FILES.some((key) => snapshot[key] !== last[key]);
  }

  /** Measures the usage at once, as both take the same look at the process. */
  async #readLiveness(
    measures: boolean,
    config: Promise<Reading<ProcessConfig | null>> | undefined,
  ): Promise<Reading<Liveness>> {
    const runner = (await config)?.value?.runner ?? SUBPROCESS;
    if (runner.type !== SUBPROCESS.type) {
      return await this.#readJob(runner, measures);
    }
    const liveness = await this.#liveness.read();
    await this.#measure(measures, liveness.value.pid);
    return liveness;
  }

  async #measure(measures: boolean, pid: number | null): Promise<void> {
    if (measures || pid === null) {
      this.#lastUsage = await this.#usage.read(pid);
    }
  }

  async #readJob(
    runner: RunnerSpec,
    measures: boolean,
  ): Promise<Reading<Liveness>> {
    const { processDir } = this.files;
    const { type } = runner;
    if (type !== "slurm" || processDir === null) {
      const error =
        `Cannot tell whether it runs as its runner '${type}' is unknown: update process-widget`;
      return { value: UNKNOWN, error };
    }
    const directory = new ProcessDirectory(processDir);
    if (this.#job === null || this.#array !== runner.array) {
      this.#array = runner.array;
      const tasks = tasksOf(directory, runner);
      this.#job = tasks.length > 0
        ? new ArrayReader(directory, tasks)
        : new JobReader(directory);
    }
    const reader = this.#job;
    const reading = await reader.read();
    if (measures) this.#lastUsage = reader.readUsage(reading.value);
    return reading;
  }

  /** Names the directory instead, if that is why its files cannot be read. */
  async #summarize(errors: readonly string[]): Promise<string> {
    const { processDir } = this.files;
    const cause = errors.length > 1 && processDir !== null
      ? await describeFolderFailure(processDir)
      : null;
    return cause ?? errors.join("\n");
  }

  #nameIn(config: ProcessConfig | null): string {
    const { name, named } = this.files;
    return named ? name : config?.name || name;
  }
}

function statusOf(
  { status }: Liveness,
  health: HealthReport | null,
): ProcessStatus {
  const ill = health !== null && health.status !== "healthy";
  return status === "running" && ill ? "unhealthy" : status;
}
