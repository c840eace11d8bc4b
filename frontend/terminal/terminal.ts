// deno-lint-ignore-file no-control-regex -- this file parses control characters.
/** Emulates a terminal of unlimited width that prints the lines of a log. */

import { PLAIN, restyle, type Style } from "./style.ts";
import { columnsOf, makeRow, type Row, RowDraft } from "./row.ts";

/**
 * Number of rows that the cursor can reach. A log does not record the height of
 * its terminal, but programs that redraw rows use far fewer.
 */
export const SCREEN_ROWS = 50;

const TAB_STOP = 8;
/** Limits how far sequences can move the cursor, and so how much memory a
 * hostile log can use. */
const MAX_COLUMN = 4096;
/** Limits the work that one line can cause, in cells that are read or written. A
 * line that redraws a hundred rows of 200 columns takes a tenth of it. */
const MAX_WORK = 200_000;
/** What entering another row costs beyond its cells. */
const ROW_WORK = 200;

/** Position and style of the next character. */
interface Cursor {
  readonly row: number;
  readonly column: number;
  readonly style: Style;
}

/** Everything that a line can change. */
interface State {
  readonly cursor: Cursor;
  readonly saved: Cursor;
  readonly top: number;
  /** The number after that of the last row. */
  readonly end: number;
  /** The last rows, which are those on the screen. */
  readonly screen: readonly Row[];
}

/**
 * Prints lines to rows that keep their number. The oldest rows can be forgotten.
 *
 * Clearing the screen starts a new screen below the last row, so that nothing in
 * the log is lost.
 */
export class Terminal {
  #rows: Row[] = [];
  #first: number;
  /** Number of the line being printed. */
  #line: number;
  /** Number of the row at the top of the screen. */
  #top: number;
  /** Number of the cursor's row. */
  #row: number;
  #column = 0;
  #style = PLAIN;
  #saved: Cursor;
  /** The work that the line being printed has caused so far, in cells. */
  #work = 0;
  /** The cursor's row while it is being edited. */
  #draft: RowDraft | null = null;
  /** The state before the last line, to print that line again. */
  #beforeLast: State | null = null;

  /**
   * @param first Number of the first row.
   * @param line Number of the first line.
   */
  constructor(first = 0, line = 0) {
    this.#line = line - 1;
    this.#first = this.#top = this.#row = first;
    this.#saved = this.#cursor();
  }

  /** Number of the first row. */
  get first(): number {
    return this.#first;
  }

  /** The rows, except for those that were forgotten. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Prints lines. Each starts a row; control sequences may move the cursor. */
  print(lines: readonly string[]): void {
    for (const [index, line] of lines.entries()) {
      if (index > 0 || this.#beforeLast) this.#moveTo(this.#row + 1, 0);
      this.#line++;
      if (index === lines.length - 1) this.#beforeLast = this.#state();
      this.#printLine(line);
    }
  }

  /** Replaces the last line, which was not finished when it was printed. */
  reprint(line: string): void {
    if (this.#beforeLast) this.#restore(this.#beforeLast);
    this.#printLine(line);
  }

  /**
   * Prints lines that precede the first one, to rows in front. Their sequences
   * affect only each other.
   *
   * @param line Number of the first of these lines, which may be negative.
   */
  prepend(lines: readonly string[], line: number): void {
    const older = new Terminal(0, line);
    older.print(lines);
    this.#rows = older.#rows.concat(this.#rows);
    this.#first -= older.#rows.length;
  }

  /** Forgets the oldest rows, up to the first that line `count` or a later one
   * wrote to. */
  forget(count: number): void {
    const kept = this.#rows.findIndex(({ line }) => line >= count);
    const forgotten = kept === -1 ? this.#rows.length : kept;
    this.#rows.splice(0, forgotten);
    this.#first += forgotten;
  }

  #printLine(line: string): void {
    const index = this.#row - this.#first;
    if (index >= this.#rows.length && !hasControls(line)) {
      this.#padRows(index);
      this.#rows.push(this.#plainRow(line));
      this.#scroll();
      this.#column = this.#rows[index].columns;
      return;
    }
    // Even an empty line has a row.
    if (index >= this.#rows.length) this.#edit();
    this.#work = 0;
    for (const token of tokensOf(line)) {
      if (token.kind === "text") this.#write(token.text);
      else if (this.#work > MAX_WORK) continue;
      else if (token.kind === "control") this.#control(token.code);
      else this.#sequence(token.final, token.params);
    }
    this.#commit();
  }

  #plainRow(text: string): Row {
    const plain = this.#style === PLAIN || text === "";
    const style = this.#style;
    const runs = plain ? [] : [{ start: 0, end: text.length, style }];
    return makeRow(text, runs, columnsOf(text), this.#line);
  }

  #control(code: string): void {
    switch (code) {
      case "\r":
        return this.#moveTo(this.#row, 0);
      case "\b":
        return this.#moveBy(0, -1);
      case "\t":
        return this.#moveBy(0, TAB_STOP - this.#column % TAB_STOP);
      case "\v":
      case "\f":
      case "\x1bD":
        return this.#moveBy(1, 0);
      case "\x1bE":
        return this.#moveTo(this.#row + 1, 0);
      case "\x1bM":
        return this.#moveBy(-1, 0);
      case "\x1b7":
        return this.#saveCursor();
      case "\x1b8":
        return this.#restoreCursor();
      case "\x1bc":
        this.#style = PLAIN;
        return this.#newScreen();
    }
  }

  #sequence(final: string, params: string): void {
    // Private parameters, as in "?25l", set modes, which do not affect a log.
    if (/[<=>?]/.test(params)) return;
    if (final === "m") {
      this.#style = restyle(this.#style, params);
      return;
    }
    const [first = 0, second = 0] = params.split(";").map((param) =>
      parseInt(param) || 0
    );
    const count = Math.min(Math.max(first, 1), MAX_COLUMN);
    // These may touch all cells of the row.
    if ("@JKPX".includes(final)) this.#work += this.#edit().columns;
    switch (final) {
      case "A":
        return this.#moveBy(-count, 0);
      case "B":
      case "e":
        return this.#moveBy(count, 0, true);
      case "C":
      case "a":
        return this.#moveBy(0, count);
      case "D":
        return this.#moveBy(0, -count);
      case "E":
        return this.#moveTo(this.#row + count, 0, true);
      case "F":
        return this.#moveTo(this.#row - count, 0);
      case "G":
      case "`":
        return this.#moveTo(this.#row, count - 1);
      case "d":
        return this.#moveTo(this.#top + count - 1, this.#column, true);
      case "H":
      case "f":
        return this.#moveTo(
          this.#top + count - 1,
          Math.max(second, 1) - 1,
          true,
        );
      case "s":
        return this.#saveCursor();
      case "u":
        return this.#restoreCursor();
      case "J":
        return this.#eraseRows(first);
      case "K":
        return this.#eraseColumns(first);
      case "X":
        return this.#edit().erase(this.#column, this.#column + count);
      case "P":
        return this.#edit().delete(this.#column, count);
      case "@":
        return this.#edit().insert(this.#column, count);
    }
  }

  #write(text: string): void {
    const draft = this.#edit();
    this.#column = draft.write(text, this.#column, this.#style);
  }

  #moveBy(rows: number, columns: number, stayOnScreen = false): void {
    this.#moveTo(this.#row + rows, this.#column + columns, stayOnScreen);
  }

  #moveTo(row: number, column: number, stayOnScreen = false): void {
    this.#column = Math.min(Math.max(column, 0), MAX_COLUMN);
    const bottom = stayOnScreen ? this.#top + SCREEN_ROWS - 1 : Infinity;
    const target = Math.min(Math.max(row, this.#top, this.#first), bottom);
    if (target === this.#row) return;
    this.#work += ROW_WORK;
    this.#commit();
    this.#row = target;
    this.#top = Math.max(this.#top, target - SCREEN_ROWS + 1);
  }

  #saveCursor(): void {
    this.#saved = this.#cursor();
  }

  #restoreCursor(): void {
    this.#moveTo(this.#saved.row, this.#saved.column);
    this.#style = this.#saved.style;
  }

  #eraseColumns(mode: number): void {
    if (mode === 0) this.#edit().erase(this.#column);
    else if (mode === 1) this.#edit().erase(0, this.#column + 1);
    else if (mode === 2) this.#edit().erase(0);
  }

  #eraseRows(mode: number): void {
    if (mode > 1) return this.#newScreen();
    this.#eraseColumns(mode);
    this.#commit();
    const index = this.#row - this.#first;
    if (mode === 0) {
      this.#rows.length = Math.min(this.#rows.length, index + 1);
    } else {
      const top = Math.max(this.#top - this.#first, 0);
      this.#rows.fill(this.#blank(), top, Math.min(index, this.#rows.length));
    }
  }

  #newScreen(): void {
    this.#commit();
    this.#top = this.#first + this.#rows.length;
    this.#moveTo(this.#top, this.#column);
  }

  /** Returns the cursor's row for editing. */
  #edit(): RowDraft {
    if (this.#draft) return this.#draft;
    const row = this.#rows[this.#row - this.#first];
    this.#work += row?.columns ?? 0;
    return this.#draft = new RowDraft(row);
  }

  #commit(): void {
    if (this.#draft === null) return;
    const index = this.#row - this.#first;
    this.#padRows(index);
    this.#rows[index] = this.#draft.finish(this.#line);
    this.#draft = null;
    this.#scroll();
  }

  #padRows(length: number): void {
    while (this.#rows.length < length) this.#rows.push(this.#blank());
  }

  #scroll(): void {
    const end = this.#first + this.#rows.length;
    this.#top = Math.max(this.#top, end - SCREEN_ROWS);
  }

  #blank(): Row {
    return makeRow("", [], 0, this.#line);
  }

  #cursor(): Cursor {
    return { row: this.#row, column: this.#column, style: this.#style };
  }

  #state(): State {
    return {
      cursor: this.#cursor(),
      saved: this.#saved,
      top: this.#top,
      end: this.#first + this.#rows.length,
      screen: this.#rows.slice(-SCREEN_ROWS),
    };
  }

  #restore({ cursor, saved, top, end, screen }: State): void {
    const start = Math.max(end - screen.length, this.#first);
    const kept = screen.slice(start - (end - screen.length));
    this.#rows.splice(start - this.#first, Infinity, ...kept);
    ({ row: this.#row, column: this.#column, style: this.#style } = cursor);
    this.#row = Math.max(this.#row, this.#first);
    this.#saved = saved;
    this.#top = top;
  }
}

/** A part of a line. */
type Token =
  | { readonly kind: "text"; readonly text: string }
  /** A control character, or ESC and the character that follows. */
  | { readonly kind: "control"; readonly code: string }
  /** A control sequence with its final character and its parameters. */
  | { readonly kind: "csi"; readonly final: string; readonly params: string };

/** Returns whether a text contains control characters. */
function hasControls(text: string): boolean {
  return CONTROL.test(text);
}

const CONTROL = /[\0-\x1f\x7f-\x9f]/;

// 8-bit (C1) controls are dropped without being interpreted: in a log they are
// most likely text in another encoding, and must not swallow what follows.
// Each alternative also matches an incomplete sequence, which the end of a line
// may have cut off.
const SEQUENCE = new RegExp(
  [
    /\x1b\[([0-?]*)([ -\/]*)([@-~]?)/, // a control sequence
    // An operating system command, device control or other string.
    /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?/,
    /\x1b([ -\/]*)([0-~]?)/, // an escape sequence
    /[\0-\x1f\x7f-\x9f]/, // a control character
  ].map(({ source }) => source).join("|"),
  "g",
);

/** Yields the tokens of a line, without the sequences that a terminal ignores. */
function* tokensOf(line: string): Generator<Token> {
  let end = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > end) yield textToken(line.slice(end, match.index));
    end = match.index + match[0].length;
    const token = controlToken(match);
    if (token) yield token;
  }
  if (end < line.length) yield textToken(line.slice(end));
}

function textToken(text: string): Token {
  return { kind: "text", text };
}

function controlToken(match: RegExpMatchArray): Token | null {
  const [all, params, middle, final, escapeMiddle, escaped] = match;
  if (final !== undefined) {
    const supported = final !== "" && middle === "";
    return supported ? { kind: "csi", final, params } : null;
  }
  if (escaped !== undefined) {
    const supported = escaped !== "" && escapeMiddle === "";
    return supported ? { kind: "control", code: `\x1b${escaped}` } : null;
  }
  return all.length === 1 ? { kind: "control", code: all } : null;
}
