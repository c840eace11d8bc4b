/** What stands in one row of a terminal. */

import { PLAIN, sameStyle, type Style } from "./style.ts";
import { columnsOf, glyphsOf, isSimple } from "./width.ts";

/** A stretch of a row's text that is not plain. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

/** A row. It never changes: another one takes its place. */
export interface Row {
  readonly text: string;
  /** In order, without overlap. */
  readonly runs: readonly Run[];
  /** How many columns it takes. */
  readonly columns: number;
  /** Whether each of its characters takes one column, whatever the font. */
  readonly simple: boolean;
  /** The number of the last line of the log that wrote in it. */
  readonly line: number;
}

/** A row with this text. */
export function makeRow(
  text: string,
  runs: readonly Run[],
  columns: number,
  line: number,
): Row {
  return { text, runs, columns, simple: isSimple(text), line };
}

/** A cell with its character; null is the right half of a wide one. */
type Cell = { readonly text: string; readonly style: Style } | null;

const BLANK: Cell = { text: " ", style: PLAIN };

/**
 * A row being written. Text that only ever comes behind the last keeps its
 * shape; writing before the end takes the row apart into cells.
 */
export class RowDraft {
  #text = "";
  #runs: Run[] = [];
  #columns = 0;
  #cells: Cell[] | null = null;

  /** Starts from what stands there already. */
  constructor(row?: Row) {
    if (!row) return;
    this.#text = row.text;
    this.#runs = [...row.runs];
    this.#columns = row.columns;
  }

  /** How many columns are in use. */
  get columns(): number {
    return this.#cells?.length ?? this.#columns;
  }

  /** Writes a text without control characters; returns the column behind it. */
  write(text: string, column: number, style: Style): number {
    if (this.#cells === null && column >= this.#columns) {
      this.#append(" ".repeat(column - this.#columns), PLAIN);
      this.#append(text, style);
      return this.#columns;
    }
    return this.#overwrite(text, column, style);
  }

  /** Blanks columns from one up to another. */
  erase(from: number, to = Infinity): void {
    if (from >= this.columns) return;
    const cells = this.#explode();
    this.#split(from);
    if (to >= cells.length) {
      cells.length = from;
    } else {
      this.#split(to);
      cells.fill(BLANK, from, to);
    }
  }

  /** Takes columns out; what is behind them moves up. */
  delete(column: number, count: number): void {
    const cells = this.#explode();
    this.#split(column);
    this.#split(column + count);
    cells.splice(column, count);
  }

  /** Moves what is behind a column to the right. */
  insert(column: number, count: number): void {
    if (column >= this.columns) return;
    const cells = this.#explode();
    this.#split(column);
    cells.splice(column, 0, ...Array<Cell>(count).fill(BLANK));
  }

  /** The row as it stands. */
  finish(line: number): Row {
    if (this.#cells) this.#implode(this.#cells);
    return makeRow(this.#text, this.#runs, this.#columns, line);
  }

  #append(text: string, style: Style): void {
    if (text === "") return;
    const start = this.#text.length;
    this.#text += text;
    this.#columns += columnsOf(text);
    if (sameStyle(style, PLAIN)) return;
    const last = this.#runs.at(-1);
    const end = this.#text.length;
    if (last?.end === start && sameStyle(last.style, style)) {
      this.#runs[this.#runs.length - 1] = { ...last, end };
    } else {
      this.#runs.push({ start, end, style });
    }
  }

  #overwrite(text: string, column: number, style: Style): number {
    const cells = this.#explode();
    while (cells.length < column) cells.push(BLANK);
    for (const { text: glyph, columns } of cellsOf(text)) {
      this.#split(column);
      this.#split(column + columns);
      cells[column++] = { text: glyph, style };
      if (columns === 2) cells[column++] = null;
    }
    return column;
  }

  /** Leaves a blank for either half of a wide character cut at a column. */
  #split(column: number): void {
    const cells = this.#explode();
    if (column >= cells.length || cells[column] !== null) return;
    cells[column - 1] = cells[column] = BLANK;
  }

  #explode(): Cell[] {
    if (this.#cells) return this.#cells;
    this.#cells = [];
    for (const { start, end, style } of stretchesOf(this.#text, this.#runs)) {
      for (const glyph of cellsOf(this.#text.slice(start, end))) {
        this.#cells.push({ text: glyph.text, style });
        if (glyph.columns === 2) this.#cells.push(null);
      }
    }
    return this.#cells;
  }

  #implode(cells: readonly Cell[]): void {
    this.#text = "";
    this.#runs = [];
    this.#columns = 0;
    let text = "";
    let style = PLAIN;
    for (const cell of cells) {
      if (cell === null) continue;
      if (cell.style !== style) {
        this.#append(text, style);
        text = "";
        style = cell.style;
      }
      text += cell.text;
    }
    this.#append(text, style);
    this.#cells = null;
  }
}

/** A row's text from start to end, the plain stretches included. */
export function stretchesOf(text: string, runs: readonly Run[]): Run[] {
  const stretches: Run[] = [];
  let at = 0;
  for (const run of runs) {
    if (run.start > at) {
      stretches.push({ start: at, end: run.start, style: PLAIN });
    }
    stretches.push(run);
    at = run.end;
  }
  if (at < text.length) {
    stretches.push({ start: at, end: text.length, style: PLAIN });
  }
  return stretches;
}

function cellsOf(text: string): { text: string; columns: 1 | 2 }[] {
  if (!isSimple(text)) return glyphsOf(text);
  return Array.from(text, (character) => ({ text: character, columns: 1 }));
}
