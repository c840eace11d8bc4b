/** The logs of a process as rows of a terminal, updated line by line. */

import type { ListChange } from "../../jupyter/page/sliding_list.ts";
import type { Stream } from "../../widget/traits.ts";
import type { Row } from "../terminal/row.ts";
import { SCREEN_ROWS, Terminal } from "../terminal/terminal.ts";

/** Both streams, in display order. */
export const STREAMS: readonly Stream[] = ["stdout", "stderr"];

/** A stream, or both streams merged into one log. */
export type LogId = Stream | "merged";

/** Consecutive rows of a log. A row keeps its number while the log grows. */
export interface Rows {
  /** Number of the first row. */
  readonly first: number;
  readonly list: readonly Row[];
}

const NO_ROWS: Rows = { first: 0, list: [] };

/** Returns the number after that of the last row. */
export function endOf({ first, list }: Rows): number {
  return first + list.length;
}

/** Returns the rows from `number` on. */
export function rowsFrom(rows: Rows, number: number): Rows {
  if (number <= rows.first) return rows;
  return { first: number, list: rows.list.slice(number - rows.first) };
}

/**
 * Returns the rows of `now`, preceded by those that left the log since `before`,
 * so that a reader does not lose what they are reading.
 *
 * @param limit Maximum number of rows; those that left earliest are dropped.
 */
export function retain(before: Rows, now: Rows, limit: number): Rows {
  const dropped = now.first - before.first;
  // A gap, or a step back, means that the log was replaced or cleared.
  if (dropped <= 0 || dropped > before.list.length) return now;
  const retained = Math.max(0, Math.min(dropped, limit - now.list.length));
  if (retained === 0) return now;
  return {
    first: now.first - retained,
    list: [...before.list.slice(dropped - retained, dropped), ...now.list],
  };
}

/** Returns the stream that a row was printed to. */
export function streamOf(row: Row): Stream {
  return errorRows.has(row) ? "stderr" : "stdout";
}

const errorRows = new WeakSet<Row>();

/** The stream of a merged row, and the row's number there. */
interface Origin {
  readonly stream: Stream;
  readonly number: number;
}

/** The logs of one process, shared by all views of its widget. */
export class LogStore {
  readonly #logs = { stdout: new StreamLog(), stderr: new StreamLog() };
  #merged = NO_ROWS;
  /** Where each merged row is from. */
  #origins: Origin[] = [];

  /** The current rows of each log: new objects whenever they change. */
  get rows(): Readonly<Record<LogId, Rows>> {
    const { stdout, stderr } = this.#logs;
    return { stdout: stdout.rows, stderr: stderr.rows, merged: this.#merged };
  }

  /**
   * Applies a change to the lines of a stream, and merges both streams in order
   * of arrival. For lines that arrive in the same message the order is unknown:
   * standard output precedes standard error.
   */
  apply(stream: Stream, change: ListChange<string>): void {
    const log = this.#logs[stream];
    const known = log.rows;
    log.apply(change);
    const { rows } = log;
    const merged = this.#merged.list.slice();
    this.#replaceScreen(merged, stream, rows);
    const { older } = change;
    const start = older ? rows.first : Math.max(endOf(known), rows.first);
    const end = older ? known.first : endOf(rows);
    const added: Row[] = [];
    const origins: Origin[] = [];
    for (let number = start; number < end; number++) {
      origins.push({ stream, number });
      added.push(markedRow(stream, rows, number)!);
    }
    const list = older ? added.concat(merged) : merged.concat(added);
    this.#origins = older
      ? origins.concat(this.#origins)
      : this.#origins.concat(origins);
    const { stdout, stderr } = this.#logs;
    const limit = stdout.rows.list.length + stderr.rows.list.length;
    const excess = Math.max(0, list.length - limit);
    this.#origins.splice(0, excess);
    const first = this.#merged.first + excess - (older ? added.length : 0);
    this.#merged = { first, list: list.slice(excess) };
  }

  /** Replaces the merged rows that the stream's terminal may have rewritten. */
  #replaceScreen(list: Row[], stream: Stream, rows: Rows): void {
    let left = SCREEN_ROWS;
    for (let index = list.length - 1; index >= 0 && left > 0; index--) {
      const origin = this.#origins[index];
      if (origin.stream !== stream) continue;
      list[index] = markedRow(stream, rows, origin.number) ?? list[index];
      left--;
    }
  }
}

/** Returns the row with a number, and marks it if it is an error. */
function markedRow(
  stream: Stream,
  rows: Rows,
  number: number,
): Row | undefined {
  const row = rows.list[number - rows.first];
  if (row && stream === "stderr") errorRows.add(row);
  return row;
}

/**
 * Prints the lines of one stream to a terminal. Only new lines are printed, so
 * that a change costs as much as it adds.
 */
export class StreamLog {
  #terminal = new Terminal();
  /** Numbers of the line that the terminal printed first, and of the next one. */
  #origin = 0;
  #next = 0;
  #rows = NO_ROWS;

  /** The current rows: a new object whenever they change. */
  get rows(): Rows {
    return this.#rows;
  }

  /** Applies a change to the lines: forgets old ones and prints new ones. */
  apply({ first, start, items, older }: ListChange<string>): void {
    if (older) {
      this.#terminal.prepend(items, start - this.#origin);
      return this.#update();
    }
    // The last line may have been unfinished when it was printed.
    const grown = start === this.#next - 1;
    if (first < this.#next && (grown || start === this.#next)) {
      this.#terminal.forget(first - this.#origin);
      if (grown) this.#terminal.reprint(items[0]);
      this.#terminal.print(grown ? items.slice(1) : items);
    } else {
      // Lines are missing, or none is kept.
      this.#startOver(start);
      this.#terminal.print(items);
    }
    this.#next = start + items.length;
    this.#update();
  }

  #update(): void {
    this.#rows = {
      first: this.#terminal.first,
      list: this.#terminal.rows.slice(),
    };
  }

  /** Replaces the terminal, to which `line` will be printed first. Row numbers
   * continue, so that a reader's position never refers to a different row. */
  #startOver(line: number): void {
    this.#terminal = new Terminal(endOf(this.#rows));
    this.#origin = line;
  }
}
