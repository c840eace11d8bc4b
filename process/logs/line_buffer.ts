/** The longest line that is kept whole, in bytes (16 KiB); longer ones are cut. */
export const MAX_LINE_SIZE = 16 * 1024;

/** How much of a line is kept of which a progress bar has overwritten the rest. */
const REDRAWN_SIZE = 4 * 1024;

/** Stands where a part of a line was left out. */
export const CUT_MARK = "[cut]";

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = new Uint8Array(0);

const decoder = new TextDecoder();

/**
 * The last lines of a stream of bytes.
 *
 * Lines end with `\n` or `\r\n`. Bytes that are not UTF-8 become U+FFFD, but a
 * character that is still unfinished at the end of the stream is held back. A
 * line that a progress bar redraws again and again keeps its latest state,
 * however long it is.
 */
export class LineBuffer {
  #capacity: number;
  #lines: readonly string[] = [];
  #partial: Uint8Array = EMPTY;
  #partialSize = 0;
  #startsCut = false;

  /**
   * Makes an empty buffer.
   *
   * @param capacity How many lines are kept.
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /**
   * Forgets everything. What is added next starts anew.
   *
   * @param startsCut Whether that starts amid a line.
   * @param capacity How many lines are kept from now on.
   */
  reset(startsCut = false, capacity: number = this.#capacity): void {
    this.#capacity = capacity;
    this.#lines = [];
    this.#startPartial(startsCut);
  }

  /** Adds the bytes that come next. */
  add(bytes: Uint8Array): void {
    const breaks = lastBreaks(bytes, this.#capacity + 1);
    if (breaks.length === 0) return this.#extendPartial(bytes);
    // All lines but the last ones would scroll away at once: the earliest break
    // looked at ends the first line that counts, or the last that does not.
    let start = breaks[0] + 1;
    const added: string[] = [];
    if (breaks.length <= this.#capacity) {
      this.#extendPartial(bytes.subarray(0, breaks[0]));
      added.push(this.#partialText(true));
    }
    for (const end of breaks.slice(1)) {
      const line = bytes.subarray(start, end);
      const shown = line.subarray(overwrittenSize(line));
      added.push(lineText(shown, shown.length, true));
      start = end + 1;
    }
    this.#lines = lastOf([...this.#lines, ...added], this.#capacity);
    this.#startPartial(false);
    this.#extendPartial(bytes.subarray(start));
  }

  /** The last lines, the unfinished one included. */
  lines(): readonly string[] {
    const partial = this.#partialText(false);
    const lines = partial === "" ? this.#lines : [...this.#lines, partial];
    return lastOf(lines, this.#capacity);
  }

  #startPartial(startsCut: boolean): void {
    this.#partial = EMPTY;
    this.#partialSize = 0;
    this.#startsCut = startsCut;
  }

  #extendPartial(bytes: Uint8Array): void {
    if (this.#partial.length < this.#partialSize) {
      // It is cut already: nothing that comes can show.
      this.#partialSize += bytes.length;
      return;
    }
    const whole = concat(this.#partial, bytes);
    const from = overwrittenSize(whole);
    if (from > 0) this.#startsCut = false;
    this.#partialSize = whole.length - from;
    // One byte more than is shown, as the line can yet end with a \r.
    this.#partial = whole.slice(from, from + MAX_LINE_SIZE + 1);
  }

  #partialText(finished: boolean): string {
    if (!this.#startsCut) {
      return lineText(this.#partial, this.#partialSize, finished);
    }
    // The cut can have gone through a character: what is left of it goes too.
    const from = this.#partial.findIndex((byte) => (byte & 0xc0) !== 0x80);
    const rest = this.#partial.subarray(Math.min(Math.max(from, 0), 3));
    const size = this.#partialSize - this.#partial.length + rest.length;
    return `${CUT_MARK} … ${lineText(rest, size, finished)}`;
  }
}

/**
 * How many bytes at the start of a line that is too long can be left out, as a
 * progress bar has written over them. What is left begins after a `\r`.
 */
function overwrittenSize(line: Uint8Array): number {
  // The last character may belong to a line end that is still to come.
  if (line.length <= MAX_LINE_SIZE + 1) return 0;
  return line.lastIndexOf(CR, line.length - REDRAWN_SIZE) + 1;
}

/** The last `count` items of a list; the list itself when it has no more. */
export function lastOf<T>(list: readonly T[], count: number): readonly T[] {
  return list.length <= count ? list : list.slice(list.length - count);
}

/** Two byte strings as one. */
export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** How many lines end in these bytes. */
export function countBreaks(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    count++;
  }
  return count;
}

/** Where the last `count` lines end in these bytes, in ascending order. */
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
 * The text of a line.
 *
 * @param bytes The line without its `\n`, at least as far as it can be shown.
 * @param size How many bytes the whole line has.
 */
function lineText(bytes: Uint8Array, size: number, finished: boolean): string {
  const ending = bytes.length === size && bytes.at(-1) === CR ? 1 : 0;
  const cut = size - ending > MAX_LINE_SIZE;
  const shown = bytes.subarray(0, cut ? MAX_LINE_SIZE : size);
  const text = decoder.decode(shown, { stream: cut || !finished });
  // Drops the character that is unfinished, or that the cut went through.
  decoder.decode();
  return cut ? `${text} … ${CUT_MARK}` : text.slice(0, text.length - ending);
}
