import { healthFile } from "./directory/health.ts";
import { type Life, LifeReader } from "./status.ts";
import type { ProcessTableOptions } from "./system/identity.ts";
import {
  checkLines,
  DEFAULT_LINES,
  type LogLines,
  LogTail,
} from "./logs/tail.ts";
import { ParsedFile } from "./files/parsed_file.ts";
import type { Reading } from "./files/reading.ts";
import type {
  HealthReport,
  ProcessSnapshot,
  ProcessStatus,
} from "./snapshot.ts";
import type { WatchedFiles } from "./source.ts";
import { parseConfig, type ProcessConfig } from "./directory/state.ts";
import { UsageMeter } from "./system/usage.ts";

/** Options of {@linkcode ProcessReader}. */
export interface ProcessReaderOptions extends ProcessTableOptions {
  /** How many lines of each log are kept, from 0 to 10,000. Default: 20. */
  lines?: number;
}

const NOTHING: Reading<null> = { value: null, error: null };
const NO_LINES: Reading<LogLines> = {
  value: { first: 0, lines: [] },
  error: null,
};

/**
 * Takes looks at a process: whether it runs, how it is, what it prints.
 *
 * It only ever reads. A look at a process of which nothing changed costs a few
 * stats and one read of `/proc`.
 *
 * @example
 * ```ts ignore
 * using reader = new ProcessReader(resolveSource("./my-process"));
 * const { status, stdoutLines } = await reader.read();
 * ```
 */
export class ProcessReader implements Disposable {
  /** What is watched. */
  readonly files: WatchedFiles;
  readonly #config: ParsedFile<ProcessConfig> | null;
  readonly #life: LifeReader;
  readonly #health: ParsedFile<HealthReport> | null;
  readonly #stdout: LogTail | null;
  readonly #stderr: LogTail | null;
  readonly #usage: UsageMeter;
  #lines: number;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * Prepares to watch; reads nothing yet.
   *
   * @param files What to watch, as `resolveSource` gives it.
   * @param options How much to keep of it.
   * @throws {RangeError} If `lines` is not a whole number from 0 to 10,000.
   */
  constructor(files: WatchedFiles, options: ProcessReaderOptions = {}) {
    const { lines = DEFAULT_LINES } = options;
    checkLines(lines);
    this.files = files;
    this.#lines = lines;
    const { configFile, healthFile: health, stdout, stderr } = files;
    this.#config = configFile === null
      ? null
      : new ParsedFile(configFile, parseConfig);
    this.#life = new LifeReader(files, options);
    this.#usage = new UsageMeter(options);
    this.#health = health === null ? null : healthFile(health);
    this.#stdout = stdout === null ? null : new LogTail(stdout, lines);
    this.#stderr = stderr === null ? null : new LogTail(stderr, lines);
  }

  /**
   * How many lines of each log are kept. A new number holds from the next look on.
   *
   * @throws {RangeError} If set to anything but a whole number from 0 to 10,000.
   */
  get lines(): number {
    return this.#lines;
  }

  set lines(lines: number) {
    checkLines(lines);
    this.#lines = lines;
    if (this.#stdout) this.#stdout.lines = lines;
    if (this.#stderr) this.#stderr.lines = lines;
  }

  /**
   * Takes a look. What cannot be read is said in the snapshot's `error`, with
   * the last good values beside it. The lists of lines are the very same arrays
   * as before when nothing was printed. Never rejects; calls at the same time
   * are answered one after the other.
   */
  read(): Promise<ProcessSnapshot> {
    const look = this.#queue.then(() => this.#look());
    this.#queue = look;
    return look;
  }

  /** Lets go of the logs, at once or after the look under way. Idempotent. */
  close(): void {
    this.#stdout?.close();
    this.#stderr?.close();
  }

  /** The same as {@linkcode ProcessReader.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<ProcessSnapshot> {
    const [config, life, health, stdout, stderr] = await Promise.all([
      this.#config?.read() ?? NOTHING,
      this.#life.read(),
      this.#health?.read() ?? NOTHING,
      this.#stdout?.read() ?? NO_LINES,
      this.#stderr?.read() ?? NO_LINES,
    ]);
    const usage = await this.#usage.read(life.value.pid);
    const readings = [config, life, health, stdout, stderr];
    const errors = readings.flatMap(({ error }) => error ?? []);
    return {
      name: this.#nameIn(config.value),
      status: statusOf(life.value, health.value),
      pid: life.value.pid,
      startedAt: life.value.startedAt,
      exit: life.value.exit,
      command: config.value?.cmd ?? null,
      ttlSeconds: config.value?.ttlSeconds ?? null,
      health: health.value,
      usage,
      stdoutLines: stdout.value.lines,
      stderrLines: stderr.value.lines,
      error: errors.length === 0 ? null : errors.join("\n"),
    };
  }

  #nameIn(config: ProcessConfig | null): string {
    const { name, named } = this.files;
    return named ? name : config?.name || name;
  }
}

function statusOf(life: Life, health: HealthReport | null): ProcessStatus {
  const ill = health !== null && health.status !== "healthy";
  return life.status === "running" && ill ? "unhealthy" : life.status;
}
