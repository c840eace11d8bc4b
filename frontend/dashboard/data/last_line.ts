// deno-lint-ignore-file no-control-regex -- this file strips control characters.
/** The last line that a process printed, as a terminal shows it. */

import type { Row } from "../../../widget/dashboard/traits.ts";
import type { Row as TerminalRow } from "../../terminal/row.ts";
import { Terminal } from "../../terminal/terminal.ts";

const printed = new WeakMap<Row, TerminalRow>();

/** Returns the line as a row of a terminal, in which sequences have been applied:
 * the last one with any text, if the line printed several. */
export function lastLineOf(row: Row): TerminalRow {
  let result = printed.get(row);
  if (!result) {
    const terminal = new Terminal();
    terminal.print([row.last_line]);
    const { rows } = terminal;
    result = rows.findLast(({ text }) => text.trim() !== "") ?? rows[0];
    printed.set(row, result);
  }
  return result;
}

const STYLES = /\x1b\[[\d;:]*m/g;
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;

/** Returns the text of that row: much faster, as all rows are sorted or searched. */
export function lastTextOf(row: Row): string {
  const text = row.last_line.replaceAll(STYLES, "");
  return CONTROLS.test(text) ? lastLineOf(row).text : text;
}
