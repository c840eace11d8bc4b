/** What a page remembers of a process beyond the traits of this moment. */

import type { ListPatch } from "./list_patch.ts";
import { LogBook } from "./logs/log_store.ts";
import { MergedLog } from "./logs/merged_log.ts";
import type { Kept, Stream } from "./view.ts";

/** How often a process reports its health unless it shows otherwise, in ms. */
const REPORT_INTERVAL = 5000;

/** Shared by all views of a widget: it is told of each change once. */
export class Memory {
  readonly #books: Record<Stream, LogBook> = {
    stdout: new LogBook(),
    stderr: new LogBook(),
  };
  readonly #merged = new MergedLog();
  #reported: number | null = null;
  #reportInterval = REPORT_INTERVAL;

  /** What views show of it. */
  get kept(): Kept {
    const { stdout, stderr } = this.#books;
    return {
      rows: { stdout: stdout.rows, stderr: stderr.rows },
      merged: this.#merged.rows,
      reportInterval: this.#reportInterval,
    };
  }

  /** Takes over how the lines of a stream changed. */
  printed(stream: Stream, patch: ListPatch<string>): void {
    const book = this.#books[stream];
    book.apply(patch);
    this.#merged.update(stream, book.rows);
  }

  /** Takes over when the last health report was made, in epoch milliseconds. */
  reported(timestamp: number | null): void {
    const before = this.#reported;
    this.#reported = timestamp;
    if (before === null || timestamp === null || timestamp <= before) return;
    this.#reportInterval = Math.max(timestamp - before, 1000);
  }
}
