/** Both streams of a process in one, in the order in which they came. */

import type { Row } from "../terminal/row.ts";
import { SCREEN_ROWS } from "../terminal/terminal.ts";
import type { Stream } from "../view.ts";
import { endOf, NO_ROWS, type Rows } from "./rows.ts";

/** Which rows came from standard error. */
const errors = new WeakSet<Row>();

/** The stream that a row came from. */
export function streamOf(row: Row): Stream {
  return errors.has(row) ? "stderr" : "stdout";
}

/**
 * The last rows of both streams. Lines that come with one poll are not told
 * apart in time: there, and at the start, standard output comes first.
 */
export class MergedLog {
  readonly #streams: Record<Stream, Rows> = {
    stdout: NO_ROWS,
    stderr: NO_ROWS,
  };
  /** Which row of its stream each row is. */
  #origins: { readonly stream: Stream; readonly number: number }[] = [];
  #rows: Rows = NO_ROWS;

  /** The rows now: another object each time that they change. */
  get rows(): Rows {
    return this.#rows;
  }

  /** Takes over the rows that a stream has now. */
  update(stream: Stream, rows: Rows): void {
    const list = this.#rows.list.slice();
    const row = (number: number) => {
      const row = rows.list[number - rows.first];
      if (row && stream === "stderr") errors.add(row);
      return row;
    };
    this.#renew(list, stream, row);
    let number = Math.max(endOf(this.#streams[stream]), rows.first);
    for (; number < endOf(rows); number++) {
      this.#origins.push({ stream, number });
      list.push(row(number));
    }
    this.#streams[stream] = rows;
    const { stdout, stderr } = this.#streams;
    const kept = stdout.list.length + stderr.list.length;
    const gone = Math.max(0, list.length - kept);
    this.#origins.splice(0, gone);
    this.#rows = { first: this.#rows.first + gone, list: list.slice(gone) };
  }

  /** A terminal still writes in the rows of its screen. */
  #renew(
    list: Row[],
    stream: Stream,
    row: (number: number) => Row | undefined,
  ): void {
    let left = SCREEN_ROWS;
    for (let at = list.length - 1; at >= 0 && left > 0; at--) {
      const origin = this.#origins[at];
      if (origin.stream !== stream) continue;
      list[at] = row(origin.number) ?? list[at];
      left--;
    }
  }
}
