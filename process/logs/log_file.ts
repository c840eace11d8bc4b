import { delay } from "@std/async";
import { TextLineStream } from "../files/text_line_stream.ts";
import { LogTail } from "./tail.ts";
import { describeReadFailure } from "../files/reading.ts";
import { openRegular } from "../files/regular_file.ts";

/** How often a log that is followed is looked at, in milliseconds. */
const LOOK_MS = 100;

/** How much is read in one go, in bytes (64 KiB). */
const CHUNK = 64 * 1024;

/**
 * The log of a process: what it has printed, and what it prints.
 *
 * Bytes that are not UTF-8 become U+FFFD. A missing log has no lines.
 *
 * @example
 * ```ts ignore
 * console.log(await server.stdout.tail(5));
 * for await (const line of server.stdout) console.log(line);
 * ```
 */
export class LogFile implements AsyncIterable<string> {
  /** Where it is. */
  readonly path: string;
  readonly #isWritten: () => Promise<boolean>;

  /**
   * Makes a log to read; opens nothing yet.
   *
   * @param path Where it is.
   * @param isWritten Whether more can come: following ends when it cannot.
   */
  constructor(path: string, isWritten: () => Promise<boolean>) {
    this.path = path;
    this.#isWritten = isWritten;
  }

  /**
   * The last lines, oldest first. Its cost does not depend on the log's size.
   *
   * @param n How many, from 0 to 10,000. Default: 20.
   * @throws {RangeError} If `n` is not such a number.
   * @throws {Error} If the log cannot be read.
   */
  async tail(n = 20): Promise<readonly string[]> {
    using tail = new LogTail(this.path, n);
    const { value, error } = await tail.read();
    if (error !== null) throw new Error(error);
    return value;
  }

  /**
   * The first lines.
   *
   * @param n How many: 0 or more. Default: 20.
   * @throws {RangeError} If `n` is not a whole number of 0 or more.
   * @throws {Error} If the log cannot be read.
   */
  async head(n = 20): Promise<string[]> {
    if (!Number.isInteger(n) || n < 0) {
      throw new RangeError(
        `Cannot read the first lines of a log as 'n' must be a whole number of 0 or more: current value is ${n}`,
      );
    }
    const lines: string[] = [];
    if (n === 0) return lines;
    for await (const line of this.#lines()) {
      if (lines.push(line) === n) break;
    }
    return lines;
  }

  /**
   * All lines: as much memory as the log is large.
   *
   * @throws {Error} If the log cannot be read.
   */
  async readLines(): Promise<string[]> {
    return await Array.fromAsync(this.#lines());
  }

  /**
   * Every line from the first one on, and those to come as they are completed,
   * until the process has ended. A log that is truncated or replaced is read
   * from its new start.
   *
   * @param options What ends it before: `signal` does so without an error.
   * @throws {Error} If the log cannot be read.
   */
  async *follow(
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<string, void, undefined> {
    const { signal } = options;
    const pause = () => delay(LOOK_MS, { signal }).catch(() => {});
    while (!signal?.aborted) {
      const opened = await this.#open();
      if (opened === null) {
        if (!await this.#isWritten()) return;
        await pause();
        continue;
      }
      using file = opened.file;
      const decoder = new TextDecoder();
      let rest = "";
      let position = 0;
      while (!signal?.aborted) {
        // Asked before reading: what was printed until then is read below.
        const written = await this.#isWritten();
        const bytes = new Uint8Array(CHUNK);
        const count = await file.read(bytes) ?? 0;
        position += count;
        const text = decoder.decode(bytes.subarray(0, count), { stream: true });
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          yield line.replace(/\r$/, "");
          if (signal?.aborted) return;
        }
        if (count > 0) continue;
        if (!written) {
          if (rest !== "") yield rest;
          return;
        }
        if (await this.#isReplaced(opened.info, position)) {
          if (rest !== "") yield rest;
          break;
        }
        await pause();
      }
    }
  }

  /** The same as {@linkcode LogFile.follow}. */
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.follow();
  }

  async *#lines(): AsyncGenerator<string> {
    const opened = await this.#open();
    if (opened === null) return;
    yield* opened.file.readable
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
  }

  async #open() {
    try {
      return await openRegular(this.path);
    } catch (error) {
      throw new Error(describeReadFailure(this.path, error));
    }
  }

  async #isReplaced(
    opened: Deno.FileInfo,
    position: number,
  ): Promise<boolean> {
    try {
      const { dev, ino, size } = await Deno.stat(this.path);
      return dev !== opened.dev || ino !== opened.ino || size < position;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }
}
