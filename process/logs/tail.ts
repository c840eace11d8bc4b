import { FollowedFile } from "./rotating_file.ts";
import { lastOf, LineBuffer } from "./line_buffer.ts";
import { describeReadFailure, type Reading } from "../files/reading.ts";
import { statRegular } from "../files/regular_file.ts";

/** The most lines that a {@linkcode LogTail} keeps. */
export const MAX_LINES = 10_000;

/** How many lines are kept where nobody says. */
export const DEFAULT_LINES = 20;

/**
 * The last lines of a growing file, reading only what is new.
 *
 * It follows a file through truncation and rotation. A file that was renamed is
 * read on until its successor has something to read, whose lines then come after
 * those of the old one. A file that was truncated, or deleted, takes its lines
 * with it. The last line shows while it is still unfinished, and is completed
 * in its place; one longer than 16 KiB is cut, with `[cut]` as a mark.
 *
 * A read takes at most 8 MiB of a file, however much was written: what would scroll
 * away anyway is skipped. An unchanged file costs one stat.
 *
 * @example
 * ```ts ignore
 * using tail = new LogTail("/var/log/syslog", 20);
 * const { value: lines, error } = await tail.read();
 * ```
 */
export class LogTail implements Disposable {
  /** Where the file is. */
  readonly path: string;
  #wanted: number;
  #kept: number;
  #file: FollowedFile | null = null;
  #bytesReadBefore = 0;
  readonly #buffer: LineBuffer;
  #older: readonly string[] = [];
  #lines: readonly string[] = [];
  #queue: Promise<Reading<readonly string[]>>;
  #reading = false;
  #closed = false;

  /**
   * Prepares to follow a file; opens nothing yet.
   *
   * @param path Where the file is, or will be.
   * @param lines How many lines are kept, from 0 to {@linkcode MAX_LINES}.
   * @throws {RangeError} If `lines` is not such a number.
   */
  constructor(path: string, lines: number) {
    checkLines(lines);
    this.path = path;
    this.#wanted = this.#kept = lines;
    this.#buffer = new LineBuffer(lines);
    this.#queue = Promise.resolve({ value: this.#lines, error: null });
  }

  /**
   * How many lines are kept. A new number holds from the next read on; a higher
   * one makes it go back in the file.
   *
   * @throws {RangeError} If set to anything but a whole number from 0 to
   * {@linkcode MAX_LINES}.
   */
  get lines(): number {
    return this.#wanted;
  }

  set lines(lines: number) {
    checkLines(lines);
    this.#wanted = lines;
  }

  /** How many bytes of logs were read so far. */
  get bytesRead(): number {
    return this.#bytesReadBefore + (this.#file?.bytesRead ?? 0);
  }

  /**
   * The last lines now, oldest first and without line ends: the very same array
   * when nothing changed. A missing file has no lines, and is no error. Never
   * rejects; calls at the same time are answered one after the other. Once
   * closed, it gives what it last had.
   */
  read(): Promise<Reading<readonly string[]>> {
    return this.#queue = this.#queue.then((last) =>
      this.#closed ? last : this.#tick()
    );
  }

  /** Lets go of the file, at once or after the read under way. Idempotent. */
  close(): void {
    this.#closed = true;
    if (!this.#reading) this.#release();
  }

  /** The same as {@linkcode LogTail.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #tick(): Promise<Reading<readonly string[]>> {
    this.#reading = true;
    try {
      await this.#follow();
      return { value: this.#lines, error: null };
    } catch (error) {
      return {
        value: this.#lines,
        error: describeReadFailure(this.path, error),
      };
    } finally {
      this.#reading = false;
      if (this.#closed) this.#release();
    }
  }

  async #follow(): Promise<void> {
    this.#resize();
    const found = await statRegular(this.path);
    if (this.#kept === 0) return this.#forget();
    if (this.#file && !(found && this.#file.is(found))) {
      await this.#readRest(this.#file);
      // A renamed file is still written to until its successor is.
      if (this.#file && !found?.size) return;
      this.#turnOver();
    }
    if (found === null) return;
    this.#file ??= await FollowedFile.open(this.path);
    if (this.#file === null) return;
    const moved = !this.#file.is(found);
    await this.#readOn(this.#file, moved ? await this.#file.stat() : found);
  }

  #resize(): void {
    if (this.#wanted > this.#kept) {
      this.#file?.rewind();
    } else if (this.#wanted < this.#kept) {
      this.#lines = lastOf(this.#lines, this.#wanted);
    }
    this.#kept = this.#wanted;
  }

  /** Reads on in a file that is no longer at its path. */
  async #readRest(file: FollowedFile): Promise<void> {
    const info = await file.stat();
    // Holding on to a deleted file would keep its space from being freed.
    if (info.nlink === 0) return this.#forget();
    await this.#readOn(file, info);
  }

  async #readOn(file: FollowedFile, info: Deno.FileInfo): Promise<void> {
    const piece = await file.readOn(info, this.#kept);
    if (piece === null) return;
    if (piece.cut || piece.rewritten) this.#older = [];
    if (!piece.follows) this.#buffer.reset(piece.cut, this.#kept);
    else if (piece.bytes.length === 0) return;
    this.#buffer.add(piece.bytes);
    this.#show();
  }

  #turnOver(): void {
    this.#older = this.#lines;
    this.#buffer.reset();
    this.#release();
  }

  #forget(): void {
    this.#older = [];
    this.#buffer.reset();
    this.#release();
    this.#show();
  }

  #show(): void {
    const lines = lastOf([...this.#older, ...this.#buffer.lines()], this.#kept);
    if (lines.length === 0 && this.#lines.length === 0) return;
    // Frozen, so that others can keep it without a copy.
    this.#lines = Object.freeze(lines);
  }

  #release(): void {
    this.#bytesReadBefore = this.bytesRead;
    this.#file?.close();
    this.#file = null;
  }
}

/**
 * Returns the number of lines, if it is one.
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
