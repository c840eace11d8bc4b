import { looksSame, TIME_GRANULARITY } from "../files/parsed_file.ts";
import { describeReadFailure, type Reading } from "../files/reading.ts";
import { RegularFile, statRegular } from "../files/regular_file.ts";

/** Number of bytes at the end of a log in which its last line is searched. */
const SEARCHED = 4096;

/** Maximum length of a line, in UTF-16 units. */
const MAX_LENGTH = 400;

/** The last line of a log. */
export interface LastLine {
  /** Its text, of at most 400 characters; "" if the log has none. */
  readonly text: string;
  /** When the log was changed last, in epoch milliseconds. */
  readonly changedAt: number;
}

const NONE: LastLine = { text: "", changedAt: -Infinity };

/**
 * Reads the last line of a log that is not blank, again only when the log has
 * changed. It keeps no file open, so that thousands of logs can be read in turn.
 *
 * Of a line that a program overwrites, such as a progress bar, it returns what was
 * written last. Of more than 4 KiB without a line, it returns the end.
 */
export class LastLineReader {
  readonly #path: string;
  #known: Deno.FileInfo | null = null;
  #reading: Reading<LastLine> = { value: NONE, error: null };

  /** @param path The path of the log, which may not exist yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Returns the last line; on an error, the last one known. Never rejects. */
  async read(): Promise<Reading<LastLine>> {
    try {
      const found = await statRegular(this.#path);
      if (found === null) {
        this.#known = null;
        this.#reading = { value: NONE, error: null };
      } else if (
        this.#reading.error !== null || !this.#known ||
        !looksSame(found, this.#known)
      ) await this.#readEnd();
    } catch (error) {
      const { value } = this.#reading;
      this.#reading = { value, error: describeReadFailure(this.#path, error) };
    }
    return this.#reading;
  }

  async #readEnd(): Promise<void> {
    using file = await RegularFile.openFound(this.#path);
    if (file === null) return;
    const { info } = file;
    const start = Math.max(info.size - SEARCHED, 0);
    const bytes = await file.readFrom(start);
    const text = lastLineIn(new TextDecoder().decode(bytes), start > 0);
    const changedAt = info.mtime?.getTime() ?? 0;
    this.#reading = { value: { text, changedAt }, error: null };
    // A second change may leave the time the same.
    const isSettled = Date.now() - changedAt > TIME_GRANULARITY;
    this.#known = isSettled ? info : null;
  }
}

/**
 * Returns the last line of a text that is not blank, or "".
 *
 * @param isCut Whether the text starts in the middle of a line.
 */
export function lastLineIn(text: string, isCut = false): string {
  const lines = text.split("\n");
  const at = lines.findLastIndex((line) => /\S/.test(line));
  if (at < 0) return "";
  const last = lines[at].split("\r").findLast((part) => /\S/.test(part))!;
  return isCut && at === 0
    ? last.slice(-MAX_LENGTH)
    : last.slice(0, MAX_LENGTH);
}
