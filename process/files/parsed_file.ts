import { describeReadFailure, type Reading, ReasonError } from "./reading.ts";
import { openRegular, statRegular } from "./regular_file.ts";

/** The largest file that is parsed, in bytes (1 MiB). */
export const MAX_PARSED_SIZE = 1024 * 1024;

/**
 * Time within which a second change may leave a file's modification time
 * unchanged, in milliseconds: FAT stores it in steps of 2 s.
 */
const TIME_GRANULARITY = 2000;

/**
 * Reads and parses a small text file, again only when it has changed.
 *
 * @typeParam T The type of the parsed value.
 */
export class ParsedFile<T> {
  /** The path of the file. */
  readonly path: string;
  readonly #parse: (text: string) => T;
  #stamp: string | null = null;
  #reading: Reading<T | null> = { value: null, error: null };

  /**
   * Prepares to read a file without opening it.
   *
   * @param path The path of the file, which may not exist yet.
   * @param parse Parses the text; throws {@linkcode ReasonError} if it is invalid.
   */
  constructor(path: string, parse: (text: string) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /**
   * Returns the current value, reading the file if it may have changed.
   *
   * A missing file has the value null and is not an error. While the file cannot
   * be read or parsed, the value is the last good one. The value stays the same
   * object until the file is read again. Never rejects.
   */
  async read(): Promise<Reading<T | null>> {
    try {
      this.#reading = await this.#readIfChanged();
    } catch (error) {
      const { value } = this.#reading;
      this.#reading = { value, error: describeReadFailure(this.path, error) };
    }
    return this.#reading;
  }

  async #readIfChanged(): Promise<Reading<T | null>> {
    const found = await statRegular(this.path);
    if (found !== null && stampOf(found) === this.#stamp) return this.#reading;
    this.#stamp = null;
    if (found !== null) checkSize(found.size);
    const opened = found && await openRegular(this.path);
    if (opened === null) return { value: null, error: null };
    const now = Date.now();
    const text = await readText(opened.file);
    // A file that has just changed can change again without getting a new
    // stamp, so a stamp is only trusted once it is old enough.
    const changed = opened.info.mtime?.getTime() ?? now;
    if (now - changed > TIME_GRANULARITY) this.#stamp = stampOf(opened.info);
    return { value: this.#parse(text), error: null };
  }
}

function stampOf(info: Deno.FileInfo): string {
  return [info.dev, info.ino, info.size, info.mtime?.getTime()].join();
}

function checkSize(size: number): void {
  if (size <= MAX_PARSED_SIZE) return;
  throw new ReasonError("it is larger than 1 MiB: keep it small");
}

/** Reads a file to its end and closes it. */
async function readText(file: Deno.FsFile): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for await (const bytes of file.readable) {
    checkSize(size += bytes.length);
    text += decode(decoder, bytes);
  }
  return text + decode(decoder);
}

function decode(decoder: TextDecoder, bytes?: Uint8Array<ArrayBuffer>): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch {
    throw new ReasonError("it is not UTF-8: write it as UTF-8");
  }
}
