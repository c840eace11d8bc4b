import { delay } from "@std/async";
import { describeReadFailure } from "../files/reading.ts";
import { gated, gatedChange } from "../files/gate.ts";
import { checkOwner } from "../files/ownership.ts";
import { orNull, RegularFile, statRegular } from "../files/regular_file.ts";
import { UnresponsiveError } from "../files/slots.ts";
import { LineSplitter, TextLineStream } from "../files/text_line_stream.ts";
import { LogTail } from "./tail.ts";

/** How often a followed log is polled, in milliseconds. */
const POLL_INTERVAL = 100;

/** Number of bytes read at a time (64 KiB). */
const CHUNK = 64 * 1024;

/** Maximum length of a line, in UTF-16 units: a log need not contain line ends. */
const MAX_LENGTH = 2 ** 20;

/**
 * Reads and follows a log of a process.
 *
 * Invalid UTF-8 becomes U+FFFD. A missing log has no lines. A line longer than
 * 1 MiB is cut; of a progress bar that long, the latest state is kept.
 *
 * @example
 * ```ts ignore
 * console.log(await server.stdout.tail(5));
 * for await (const line of server.stdout) console.log(line);
 * ```
 */
export class LogFile implements AsyncIterable<string> {
  /** The path of the log. */
  readonly path: string;
  readonly #isWritten: () => Promise<boolean>;

  /**
   * Prepares to read a log without opening it.
   *
   * @param path The path of the log, which may not exist yet.
   * @param isWritten Returns whether more may be written; following ends when
   * it returns false.
   */
  constructor(path: string, isWritten: () => Promise<boolean>) {
    this.path = path;
    this.#isWritten = isWritten;
  }

  /**
   * Returns the last lines, oldest first. The cost does not depend on the size
   * of the log.
   *
   * @param n Number of lines, from 0 to 10,000. Default: 20.
   * @throws {RangeError} If `n` is not such a number.
   * @throws {Error} If the log cannot be read.
   */
  async tail(n = 20): Promise<readonly string[]> {
    using tail = new LogTail(this.path, n);
    const { value, error } = await tail.read();
    if (error !== null) throw new Error(error);
    return value.lines;
  }

  /**
   * Returns the first lines.
   *
   * @param n Number of lines, 0 or more. Default: 20.
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
   * Returns all lines, which takes as much memory as the log is large.
   *
   * @throws {Error} If the log cannot be read.
   */
  async readLines(): Promise<string[]> {
    return await Array.fromAsync(this.#lines());
  }

  /**
   * Yields every line from the first one on, and new lines as they are
   * completed, until the process has exited. After the log was truncated or
   * replaced, continues at the start of the new content.
   *
   * @param options Set `signal` to stop early; aborting it is not an error.
   * @throws {Error} If the log cannot be read.
   */
  async *follow(
    options: { signal?: AbortSignal } = {},
  ): AsyncGenerator<string, void, undefined> {
    const { signal } = options;
    const pause = () => pauseUnlessAborted(signal);
    while (!signal?.aborted) {
      using file = await this.#open();
      if (file === null) {
        if (!await this.#isWritten()) return;
        await pause();
        continue;
      }
      const decoder = new TextDecoder();
      const splitter = new LineSplitter(MAX_LENGTH);
      let position = 0;
      while (!signal?.aborted) {
        // Checked before reading, so that everything printed by then is read.
        const isWritten = await this.#isWritten();
        const bytes = new Uint8Array(CHUNK);
        const count = await this.#read(file, bytes, position, signal);
        position += count;
        const text = decoder.decode(bytes.subarray(0, count), { stream: true });
        for (const line of splitter.split(text)) {
          yield line;
          if (signal?.aborted) return;
        }
        if (count > 0) continue;
        const isReplaced = isWritten &&
          await this.#isReplaced(file, position);
        if (isWritten && !isReplaced) {
          await pause();
          continue;
        }
        const rest = splitter.end();
        if (rest !== "") yield rest;
        if (isReplaced) break;
        return;
      }
    }
  }

  /** The same as {@linkcode LogFile.follow}. */
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.follow();
  }

  async *#lines(): AsyncGenerator<string> {
    using file = await this.#open();
    if (file === null) return;
    yield* ReadableStream.from(file.chunks())
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream(MAX_LENGTH));
  }

  async #open(): Promise<RegularFile | null> {
    try {
      return await RegularFile.open(this.path);
    } catch (error) {
      throw new Error(describeReadFailure(this.path, error));
    }
  }

  /** Reads, however long the file system does not respond. */
  async #read(
    file: RegularFile,
    bytes: Uint8Array,
    position: number,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    while (!signal?.aborted) {
      try {
        return await file.read(bytes, position);
      } catch (error) {
        if (!(error instanceof UnresponsiveError)) throw error;
        await pauseUnlessAborted(signal);
      }
    }
    return 0;
  }

  /** Returns whether the open file was rotated away or truncated. */
  async #isReplaced(
    { info }: RegularFile,
    position: number,
  ): Promise<boolean> {
    const stat = gated(this.path, () => Deno.stat(this.path));
    try {
      const found = await orNull(stat);
      return found !== null &&
        (found.dev !== info.dev || found.ino !== info.ino ||
          found.size < position);
    } catch (error) {
      if (error instanceof UnresponsiveError) return false;
      throw error;
    }
  }
}

function pauseUnlessAborted(signal: AbortSignal | undefined): Promise<void> {
  return delay(POLL_INTERVAL, { signal }).catch(() => {});
}

/**
 * Empties the logs of a process. A running process continues to append to them.
 *
 * @throws {Error} If a log exists but cannot be written.
 */
export async function clearLogs(
  { stdout, stderr }: { stdout: string | null; stderr: string | null },
): Promise<void> {
  for (const path of [stdout, stderr]) {
    if (path !== null) await truncateIfExists(path);
  }
}

/** The log may be a symbolic link of this user, to a disk with more space. */
async function truncateIfExists(path: string): Promise<void> {
  const found = await orNull(gated(path, () => Deno.lstat(path)));
  if (found === null) return;
  await checkOwner(path, found);
  const target = await orNull(gated(path, () => Deno.realPath(path)));
  if (target === null || await statRegular(target) === null) return;
  await gatedChange(target, () => Deno.truncate(target));
}
