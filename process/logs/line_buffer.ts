/** Maximum size of a line, in bytes (16 KiB); longer lines are cut. */
export const MAX_LINE_SIZE = 16 * 1024;

/**
 * Minimum size of what is kept of a long line that a progress bar redraws, in
 * bytes (4 KiB).
 */
const REDRAWN_SIZE = 4 * 1024;

/** Marks where a part of a line was left out. */
const CUT_MARK = "[cut]";

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = new Uint8Array(0);

const decoder = new TextDecoder();

/** Consecutive lines of a log, oldest first and without line ends. */
export interface LogLines {
  /**
   * Number of the first line; the others are numbered consecutively.
   *
   * A number never names two lines. The text of a line only changes while it is
   * the last one, as it may still be incomplete. Without lines, this is the
   * number that the next line will have.
   */
  readonly first: number;
  /** The text of the lines. */
  readonly lines: readonly string[];
}

/**
 * Splits a stream of bytes into lines, numbers them and keeps the last ones.
 *
 * Lines end with `\n` or `\r\n`. Invalid UTF-8 becomes U+FFFD, but a character
 * that is still incomplete at the end of the stream is held back. Of a long line
 * that a progress bar redraws repeatedly, the latest state is kept.
 *
 * Numbers start at 0 and only increase: lines that are read again get new
 * numbers, and lines that never fit into the buffer get none.
 */
export class LineBuffer {
  /** Maximum number of lines to keep. */
  capacity: number;
  /** Lines of the files before the current one. */
  #earlier: readonly string[] = [];
  /** Complete lines of the current file. */
  #complete: readonly string[] = [];
  /** Bytes of the line that has not ended yet, cut if it is too long. */
  #partial: Uint8Array = EMPTY;
  #partialSize = 0;
  #partialNumber = 0;
  #startsMidLine = false;
  #last: LogLines = { first: 0, lines: Object.freeze([]) };

  /**
   * Creates an empty buffer.
   *
   * @param capacity Maximum number of lines to keep.
   */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Appends the next bytes of the stream. */
  append(bytes: Uint8Array): void {
    const breaks = lastBreaks(bytes, this.capacity + 1);
    if (breaks.length === 0) return this.#extendPartial(bytes);
    const added: string[] = [];
    if (breaks.length <= this.capacity) {
      this.#extendPartial(bytes.subarray(0, breaks[0]));
      added.push(this.#partialText(true));
    } else {
      // The new lines fill the buffer: those before the first of these breaks
      // would be dropped right away, so they are not decoded.
      this.#partialNumber = this.#nextNumber();
    }
    let start = breaks[0] + 1;
    for (const end of breaks.slice(1)) {
      const line = bytes.subarray(start, end);
      const shown = line.subarray(overwrittenSize(line));
      added.push(lineText(shown, shown.length, true));
      start = end + 1;
    }
    this.#complete = lastOf(this.#complete.concat(added), this.capacity);
    this.#startPartial(this.#partialNumber + added.length);
    this.#extendPartial(bytes.subarray(start));
  }

  /** Starts the file that follows the current one; its lines are kept. */
  startNextFile(): void {
    const { first, lines } = this.lines();
    this.#earlier = lines;
    this.#complete = [];
    this.#startPartial(first + lines.length);
  }

  /** Drops the lines of the current file, which is then read again. */
  restartFile(): void {
    this.#complete = [];
    // The lines of earlier files are renumbered, to stay consecutive.
    this.#startPartial(this.#nextNumber() + this.#earlier.length);
  }

  /**
   * Drops all lines.
   *
   * @param startsMidLine Whether the next bytes start in the middle of a line.
   */
  clear(startsMidLine = false): void {
    this.#earlier = [];
    this.#complete = [];
    this.#startPartial(this.#nextNumber());
    this.#startsMidLine = startsMidLine;
  }

  /**
   * Returns the last lines, including the incomplete one: the same object as
   * before if nothing changed.
   */
  lines(): LogLines {
    const partial = this.#shownPartial();
    const tail = partial === "" ? [] : [partial];
    const total = this.#earlier.length + this.#complete.length + tail.length;
    const count = Math.min(total, this.capacity);
    const first = this.#partialNumber + tail.length - count;
    const lastLine = count === 0
      ? undefined
      : tail[0] ?? this.#complete.at(-1) ?? this.#earlier.at(-1);
    const before = this.#last;
    // Under the same numbers, only the last line can have changed.
    if (
      first !== before.first || count !== before.lines.length ||
      lastLine !== before.lines.at(-1)
    ) {
      const lines = lastOf(this.#earlier.concat(this.#complete, tail), count);
      // Frozen, so that others can keep it without a copy.
      this.#last = { first, lines: Object.freeze(lines) };
    }
    return this.#last;
  }

  /** Number that the next new line will have. */
  #nextNumber(): number {
    return this.#partialNumber + (this.#shownPartial() === "" ? 0 : 1);
  }

  #startPartial(number: number): void {
    this.#partial = EMPTY;
    this.#partialSize = 0;
    this.#partialNumber = number;
    this.#startsMidLine = false;
  }

  #extendPartial(bytes: Uint8Array): void {
    if (this.#partial.length < this.#partialSize) {
      // The line is cut before these bytes.
      this.#partialSize += bytes.length;
      return;
    }
    const whole = concat(this.#partial, bytes);
    const from = overwrittenSize(whole);
    if (from > 0) this.#startsMidLine = false;
    this.#partialSize = whole.length - from;
    // One byte more than is shown, as a final \r belongs to the line end.
    this.#partial = whole.slice(from, from + MAX_LINE_SIZE + 1);
  }

  #shownPartial(): string {
    return this.#partialSize === 0 ? "" : this.#partialText(false);
  }

  #partialText(isComplete: boolean): string {
    if (!this.#startsMidLine) {
      return lineText(this.#partial, this.#partialSize, isComplete);
    }
    // The line may start within a character: drop the rest of that character.
    const from = this.#partial.findIndex((byte) => (byte & 0xc0) !== 0x80);
    const rest = this.#partial.subarray(Math.min(Math.max(from, 0), 3));
    const size = this.#partialSize - this.#partial.length + rest.length;
    return `${CUT_MARK} … ${lineText(rest, size, isComplete)}`;
  }
}

/** Concatenates two byte arrays. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/**
 * Returns how many bytes to leave out at the start of a line that is too long,
 * because a progress bar has overwritten them. The rest starts after a `\r`.
 */
function overwrittenSize(line: Uint8Array): number {
  // The last byte may be the \r of the line end.
  if (line.length <= MAX_LINE_SIZE + 1) return 0;
  return line.lastIndexOf(CR, line.length - REDRAWN_SIZE) + 1;
}

/** Returns the last `count` items of a list, or the list itself if it has no more. */
function lastOf<T>(list: readonly T[], count: number): readonly T[] {
  return list.length <= count ? list : list.slice(list.length - count);
}

/** Returns the positions of the last `count` line feeds, in ascending order. */
function lastBreaks(bytes: Uint8Array, count: number): number[] {
  const breaks: number[] = [];
  let end = bytes.length;
  while (end > 0 && breaks.length < count) {
    end = bytes.lastIndexOf(LF, end - 1);
    if (end !== -1) breaks.push(end);
  }
  return breaks.reverse();
}

/**
 * Decodes the text of a line, cutting it after {@linkcode MAX_LINE_SIZE}.
 *
 * @param bytes The line without its `\n`; of a line to cut, at least as much as
 * is shown.
 * @param size Size of the whole line, in bytes.
 * @param isComplete Whether the line has ended; otherwise, an incomplete
 * character at its end is held back.
 */
function lineText(
  bytes: Uint8Array,
  size: number,
  isComplete: boolean,
): string {
  const ending = bytes.length === size && bytes.at(-1) === CR ? 1 : 0;
  const isCut = size - ending > MAX_LINE_SIZE;
  const shown = bytes.subarray(0, isCut ? MAX_LINE_SIZE : size);
  const text = decoder.decode(shown, { stream: isCut || !isComplete });
  // Discards an incomplete character that the decoder holds back.
  decoder.decode();
  return isCut ? `${text} … ${CUT_MARK}` : text.slice(0, text.length - ending);
}
