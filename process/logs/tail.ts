import { describeReadFailure, type Reading } from "../files/reading.ts";
import { LineBuffer, type LogLines } from "./line_buffer.ts";
import { type Piece, RotatingFile } from "./rotating_file.ts";

export type { LogLines };

/** Maximum number of lines that a {@linkcode LogTail} keeps. */
export const MAX_LINES = 10_000;

/** Default number of lines to keep. */
export const DEFAULT_LINES = 20;

/**
 * Follows the last lines of a log, reading only what is new.
 *
 * It follows the log through truncation and rotation. A renamed file is read
 * until its successor has content, whose lines then follow those of the old
 * file. The lines of a truncated or deleted file are dropped. An incomplete last
 * line is included and later completed in place; a line longer than 16 KiB is
 * cut and marked with `[cut]`.
 *
 * A read takes at most 8 MiB of a file, and skips lines that would be dropped
 * anyway. Reading an unchanged file costs one stat.
 *
 * @example
 * ```ts ignore
 * using tail = new LogTail("/var/log/syslog", 20);
 * const { value: { first, lines }, error } = await tail.read();
 * ```
 */
export class LogTail implements Disposable {
  /** The path of the log. */
  readonly path: string;
  readonly #file: RotatingFile;
  readonly #buffer: LineBuffer;
  #lines: number;
  /** The number of lines that the last read kept. */
  #limit: number;
  #queue: Promise<Reading<LogLines>>;
  #isReading = false;
  #isClosed = false;

  /**
   * Prepares to follow a log without opening it.
   *
   * @param path The path of the log, which may not exist yet.
   * @param lines Number of lines to keep, from 0 to {@linkcode MAX_LINES}.
   * @throws {RangeError} If `lines` is not such a number.
   */
  constructor(path: string, lines: number) {
    this.path = path;
    this.#lines = this.#limit = checkLines(lines);
    this.#file = new RotatingFile(path);
    this.#buffer = new LineBuffer(lines);
    this.#queue = Promise.resolve({ value: this.#buffer.lines(), error: null });
  }

  /**
   * Number of lines to keep. A change takes effect with the next read; after an
   * increase, that read goes back in the file.
   *
   * @throws {RangeError} If set to anything but a whole number from 0 to
   * {@linkcode MAX_LINES}.
   */
  get lines(): number {
    return this.#lines;
  }

  set lines(lines: number) {
    this.#lines = checkLines(lines);
  }

  /** Number of bytes read so far. */
  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  /** Whether its last lines may be written under another path: the log was renamed
   * or has further hard links. */
  get hasOtherPath(): boolean {
    return this.#file.hasOtherPath;
  }

  /**
   * Returns the current last lines: the very same object while nothing changed.
   *
   * A missing file has no lines and is not an error. If the file cannot be read,
   * the lines are the last good ones. Never rejects. Concurrent calls are
   * answered one after the other. Once closed, it returns its last result.
   */
  read(): Promise<Reading<LogLines>> {
    return this.#queue = this.#queue.then((last) =>
      this.#isClosed ? last : this.#poll(last)
    );
  }

  /**
   * Closes the file and drops its lines if it was deleted, as the next read would.
   * Never rejects.
   */
  async releaseDeleted(): Promise<void> {
    this.#queue = this.#queue.then(async (last) => {
      if (await this.#file.closeIfDeleted()) this.#buffer.clear();
      return last;
    });
    await this.#queue;
  }

  /** Closes the file, immediately or after the read in progress. Idempotent. */
  close(): void {
    this.#isClosed = true;
    if (!this.#isReading) this.#file.close();
  }

  /** The same as {@linkcode LogTail.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #poll(last: Reading<LogLines>): Promise<Reading<LogLines>> {
    let error: string | null = null;
    this.#isReading = true;
    try {
      const isResized = this.#lines !== this.#limit;
      if (isResized) this.#applyLimit();
      const pieces = await this.#file.read(this.#limit);
      if (pieces === null && !isResized && last.error === null) return last;
      for await (const piece of pieces ?? []) this.#apply(piece);
    } catch (cause) {
      error = describeReadFailure(this.path, cause);
    } finally {
      this.#isReading = false;
      if (this.#isClosed) this.#file.close();
    }
    const value = this.#buffer.lines();
    const isUnchanged = value === last.value && error === last.error;
    return isUnchanged ? last : { value, error };
  }

  #applyLimit(): void {
    if (this.#lines > this.#limit) this.#file.rewind();
    this.#limit = this.#lines;
    this.#buffer.capacity = Math.min(this.#buffer.capacity, this.#limit);
  }

  #apply({ kind, chunks, startsMidLine }: Piece): void {
    if (kind === "next file") this.#buffer.startNextFile();
    if (kind === "reread") this.#buffer.restartFile();
    if (kind === "reset") this.#buffer.clear(startsMidLine);
    // Only now can the buffer grow: the lines to fill it are in this piece.
    this.#buffer.capacity = this.#limit;
    for (const chunk of chunks) {
      this.#buffer.append(chunk);
      // Frees its memory now: the collector only runs after many more chunks.
      chunk.buffer.transfer(0);
    }
  }
}

/**
 * Checks a number of lines to keep, and returns it.
 *
 * @throws {RangeError} If it is not a whole number from 0 to {@linkcode MAX_LINES}.
 */
export function checkLines(lines: unknown): number {
  if (
    Number.isInteger(lines) && 0 <= Number(lines) && Number(lines) <= MAX_LINES
  ) {
    return lines as number;
  }
  throw new RangeError(
    `Cannot keep the last lines of a log as 'lines' must be a whole number from 0 to ${MAX_LINES}: current value is ${lines}`,
  );
}
