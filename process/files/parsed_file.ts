import { explain, type Reading, ReasonError } from "./reading.ts";
import { openRegular, statRegular } from "./regular_file.ts";

/** The largest file that is parsed, in bytes (1 MiB). */
export const MAX_PARSED_SIZE = 1024 * 1024;

/**
 * How long after a change a file may change again without its times showing
 * it, in milliseconds: FAT keeps them in steps of 2 s.
 */
const TIME_GRANULARITY = 2000;

/**
 * A small text file that is read and parsed when it changed, and only then.
 *
 * @typeParam T What the text is parsed into.
 */
export class ParsedFile<T> {
  /** Where the file is. */
  readonly path: string;
  readonly #parse: (text: string) => T;
  #stamp: string | null = null;
  #reading: Reading<T | null> = { value: null, error: null };

  /**
   * Prepares to read a file; opens nothing yet.
   *
   * @param path Where the file is, or will be.
   * @param parse Gives what the text means; throws {@linkcode ReasonError} when it
   * means nothing.
   */
  constructor(path: string, parse: (text: string) => T) {
    this.path = path;
    this.#parse = parse;
  }

  /**
   * What the file says now. The value is null while the file is missing, which
   * is no error, and the last good one while it cannot be read or parsed. It is
   * the same object until the file is read again. Never rejects.
   */
  async read(): Promise<Reading<T | null>> {
    try {
      this.#reading = await this.#readIfChanged();
    } catch (error) {
      const { value } = this.#reading;
      this.#reading = { value, error: explain(this.path, error) };
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
    // A file that has just changed can change again under the same stamp, so
    // it is trusted to be unchanged only once its time lies back far enough.
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

/** Reads the text of a file to its end, and closes it. */
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
