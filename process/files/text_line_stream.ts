/**
 * Splits text that arrives in chunks into lines, without their line ends (`\n` or
 * `\r\n`). Looks at each chunk once, however long a line is.
 *
 * Unlike `node:readline`, it does not split at a single `\r`, which progress
 * bars print, or at U+2028, which a JSON string may contain.
 */
export class LineSplitter {
  readonly #maxLength: number;
  /** What is kept of the line that has not ended yet. */
  #parts: string[] = [];
  #keptLength = 0;
  #length = 0;

  /**
   * Starts at the beginning of a line.
   *
   * @param maxLength Maximum length of a line, in UTF-16 units. Longer lines are
   * cut, except for what a progress bar has overwritten: that is left out.
   */
  constructor(maxLength = Infinity) {
    this.#maxLength = maxLength;
  }

  /** Returns the lines that this chunk completes. */
  split(chunk: string): string[] {
    const parts = chunk.split("\n");
    const rest = parts.pop()!;
    const lines = parts.map((part) => {
      this.#extend(part);
      return this.#finish(true);
    });
    this.#extend(rest);
    return lines;
  }

  /** Returns the incomplete last line, or "" if there is none. */
  end(): string {
    return this.#finish(false);
  }

  #extend(part: string): void {
    this.#parts.push(part);
    this.#keptLength += part.length;
    this.#length += part.length;
    // One more than is returned, as a final \r belongs to the line end.
    if (this.#keptLength > this.#maxLength + 1) this.#shorten();
  }

  #shorten(): void {
    const line = this.#parts.join("");
    const redrawn = line.lastIndexOf("\r", line.length - 2) + 1;
    if (redrawn > 0) this.#length = line.length - redrawn;
    const kept = line.slice(redrawn, redrawn + this.#maxLength + 1);
    this.#parts = [kept];
    this.#keptLength = kept.length;
  }

  #finish(isComplete: boolean): string {
    const line = this.#parts.join("");
    const isWhole = line.length === this.#length;
    const text = isComplete && isWhole ? line.replace(/\r$/, "") : line;
    this.#parts = [];
    this.#keptLength = this.#length = 0;
    return text.length > this.#maxLength
      ? `${text.slice(0, this.#maxLength)} … [cut]`
      : text;
  }
}

/** Splits text into lines, as {@linkcode LineSplitter} does. */
export class TextLineStream extends TransformStream<string, string> {
  /**
   * Creates a stream that starts at the beginning of a line.
   *
   * @param maxLength Maximum length of a line. Default: unlimited.
   */
  constructor(maxLength?: number) {
    const splitter = new LineSplitter(maxLength);
    super({
      transform(chunk, controller) {
        for (const line of splitter.split(chunk)) controller.enqueue(line);
      },
      flush(controller) {
        const rest = splitter.end();
        if (rest !== "") controller.enqueue(rest);
      },
    });
  }
}
