/** The rows of a terminal: their text, styles and widths. */

import { PLAIN, sameStyle, type Style } from "./style.ts";

/** A part of a row's text with one style. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly style: Style;
}

/** An immutable row. */
export interface Row {
  readonly text: string;
  /** The runs that are not plain, sorted and without overlap. */
  readonly runs: readonly Run[];
  /** Width in columns. */
  readonly columns: number;
  /** Whether every character takes one column in any font. */
  readonly simple: boolean;
  /** Number of the last line that wrote to the row. */
  readonly line: number;
}

/** Makes a row. */
export function makeRow(
  text: string,
  runs: readonly Run[],
  columns: number,
  line: number,
): Row {
  return { text, runs, columns, simple: isSimple(text), line };
}

/** Returns all runs of a row's text, including the plain ones. */
export function styledRuns(text: string, runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  let end = 0;
  for (const run of runs) {
    if (run.start > end) all.push({ start: end, end: run.start, style: PLAIN });
    all.push(run);
    end = run.end;
  }
  if (end < text.length) {
    all.push({ start: end, end: text.length, style: PLAIN });
  }
  return all;
}

/** A cell with its character, or null for the right half of a wide character. */
type Cell = { readonly text: string; readonly style: Style } | null;

const BLANK: Cell = { text: " ", style: PLAIN };

/**
 * A row being edited. Appended text is stored as runs; the row is split into
 * cells only when something before its end is changed.
 */
export class RowDraft {
  #text = "";
  #runs: Run[] = [];
  #columns = 0;
  #cells: Cell[] | null = null;

  /** Starts with the content of `row`. */
  constructor(row?: Row) {
    if (!row) return;
    this.#text = row.text;
    this.#runs = [...row.runs];
    this.#columns = row.columns;
  }

  /** Number of columns in use. */
  get columns(): number {
    return this.#cells?.length ?? this.#columns;
  }

  /** Writes text without control characters; returns the column after it. */
  write(text: string, column: number, style: Style): number {
    if (this.#cells === null && column >= this.#columns) {
      this.#append(" ".repeat(column - this.#columns), PLAIN);
      this.#append(text, style);
      return this.#columns;
    }
    return this.#overwrite(text, column, style);
  }

  /** Blanks the columns from `from` up to but excluding `to`. */
  erase(from: number, to = Infinity): void {
    if (from >= this.columns) return;
    const cells = this.#toCells();
    this.#splitWide(from);
    if (to >= cells.length) {
      cells.length = from;
    } else {
      this.#splitWide(to);
      cells.fill(BLANK, from, to);
    }
  }

  /** Removes `count` columns; those after them move to the left. */
  delete(column: number, count: number): void {
    const cells = this.#toCells();
    this.#splitWide(column);
    this.#splitWide(column + count);
    cells.splice(column, count);
  }

  /** Inserts `count` blank columns; those after them move to the right. */
  insert(column: number, count: number): void {
    if (column >= this.columns) return;
    const cells = this.#toCells();
    this.#splitWide(column);
    cells.splice(column, 0, ...Array<Cell>(count).fill(BLANK));
  }

  /** Returns the row, last written to by the line with this number. */
  finish(line: number): Row {
    if (this.#cells) this.#fromCells(this.#cells);
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
    const cells = this.#toCells();
    while (cells.length < column) cells.push(BLANK);
    for (const { text: glyph, columns } of glyphsOf(text)) {
      this.#splitWide(column);
      this.#splitWide(column + columns);
      cells[column++] = { text: glyph, style };
      if (columns === 2) cells[column++] = null;
    }
    return column;
  }

  /** Blanks both halves of a wide character that the column cuts in two. */
  #splitWide(column: number): void {
    const cells = this.#toCells();
    if (column >= cells.length || cells[column] !== null) return;
    cells[column - 1] = cells[column] = BLANK;
  }

  #toCells(): Cell[] {
    if (this.#cells) return this.#cells;
    this.#cells = [];
    for (const { start, end, style } of styledRuns(this.#text, this.#runs)) {
      for (const glyph of glyphsOf(this.#text.slice(start, end))) {
        this.#cells.push({ text: glyph.text, style });
        if (glyph.columns === 2) this.#cells.push(null);
      }
    }
    return this.#cells;
  }

  #fromCells(cells: readonly Cell[]): void {
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

/** The content of one cell: a character and those that combine with it. */
interface Glyph {
  readonly text: string;
  readonly columns: 1 | 2;
}

const PRINTABLE_ASCII = /^[ -~]*$/;
const COMBINING = /^[\p{Mn}\p{Me}\p{Cf}\u{1f3fb}-\u{1f3ff}]/u;
const JOINER = "\u200d";

/** Emoji, and the blocks of East Asian wide and fullwidth characters. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f251}\u{20000}-\u{3fffd}]/u;

function isSimple(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/** Returns the width of text without control characters, in columns. */
export function columnsOf(text: string): number {
  if (isSimple(text)) return text.length;
  return glyphsOf(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** Splits text without control characters into the contents of cells. */
function glyphsOf(text: string): Glyph[] {
  if (isSimple(text)) return Array.from(text, (text) => ({ text, columns: 1 }));
  const glyphs: Glyph[] = [];
  let joined = false;
  for (const character of text) {
    const last = glyphs.at(-1);
    if (last && (joined || COMBINING.test(character))) {
      glyphs[glyphs.length - 1] = { ...last, text: last.text + character };
    } else {
      const columns = WIDE.test(character) ? 2 : 1;
      glyphs.push({ text: character, columns });
    }
    joined = character === JOINER;
  }
  return glyphs;
}
