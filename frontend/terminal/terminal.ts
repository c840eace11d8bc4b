/** A terminal without edges to the right: what a log looks like when printed. */

import { PLAIN, restyle, type Style } from "./style.ts";
import { makeRow, type Row, RowDraft } from "./row.ts";
import { hasControls, tokensOf } from "./sequences.ts";
import { columnsOf } from "./width.ts";

/**
 * How many rows the cursor reaches. A log does not tell how high the terminal
 * was; programs that redraw several rows keep to far fewer.
 */
export const SCREEN_ROWS = 50;

const TAB_STOP = 8;
/** Moves beyond this column are no layout but an attack on the memory. */
const MAX_COLUMN = 4096;

/** Where the next character goes, and how it looks. */
interface Cursor {
  readonly row: number;
  readonly column: number;
  readonly style: Style;
}

/** All that a line can change. */
interface State {
  readonly cursor: Cursor;
  readonly saved: Cursor;
  readonly top: number;
  /** The number behind the last row, and the rows on the screen. */
  readonly end: number;
  readonly screen: readonly Row[];
}

/**
 * Prints the lines of a log. Rows keep the number that they get; the oldest can
 * be forgotten.
 *
 * Clearing the screen starts a new one below: a log forgets nothing of its own
 * accord.
 */
export class Terminal {
  #rows: Row[] = [];
  #first: number;
  #line = -1;
  /** The row at the top of the screen. */
  #top: number;
  #row: number;
  #column = 0;
  #style = PLAIN;
  #saved: Cursor;
  #draft: RowDraft | null = null;
  #beforeLast: State | null = null;

  /** @param first The number of the first row to come. */
  constructor(first = 0) {
    this.#first = this.#top = this.#row = first;
    this.#saved = this.#cursor();
  }

  /** The number of the first row there is. */
  get first(): number {
    return this.#first;
  }

  /** The rows there are. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Prints lines, each in a row of its own unless they say otherwise. */
  print(lines: readonly string[]): void {
    for (const [at, line] of lines.entries()) {
      if (this.#line >= 0) this.#moveTo(this.#row + 1, 0);
      this.#line++;
      if (at === lines.length - 1) this.#beforeLast = this.#state();
      this.#printLine(line);
    }
  }

  /** Prints the last line anew, as it was not finished. */
  reprint(line: string): void {
    if (this.#beforeLast) this.#restore(this.#beforeLast);
    this.#printLine(line);
  }

  /** Forgets the rows at the start that only the first `count` lines wrote in. */
  forget(count: number): void {
    const kept = this.#rows.findIndex(({ line }) => line >= count);
    const gone = kept === -1 ? this.#rows.length : kept;
    this.#rows.splice(0, gone);
    this.#first += gone;
  }

  #printLine(line: string): void {
    const index = this.#row - this.#first;
    if (index >= this.#rows.length && !hasControls(line)) {
      this.#fill(index);
      this.#rows.push(this.#plainRow(line));
      this.#scroll();
      this.#column = this.#rows[index].columns;
      return;
    }
    this.#touch();
    for (const token of tokensOf(line)) {
      if (token.kind === "text") this.#write(token.text);
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
        return this.#moveTo(this.#row, this.#column - 1);
      case "\t":
        return this.#moveTo(
          this.#row,
          this.#column + TAB_STOP - this.#column % TAB_STOP,
        );
      case "\v":
      case "\f":
      case "\x1bD":
        return this.#moveTo(this.#row + 1, this.#column);
      case "\x1bE":
        return this.#moveTo(this.#row + 1, 0);
      case "\x1bM":
        return this.#moveTo(this.#row - 1, this.#column);
      case "\x1b7":
        return this.#save();
      case "\x1b8":
        return this.#unsave();
      case "\x1bc":
        this.#style = PLAIN;
        return this.#newScreen();
    }
  }

  #sequence(final: string, params: string): void {
    // Private parameters, as in "?25l", set modes; none of them prints.
    if (/[<=>?]/.test(params)) return;
    if (final === "m") {
      this.#style = restyle(this.#style, params);
      return;
    }
    const [first = 0, second = 0] = params.split(";").map((param) =>
      parseInt(param) || 0
    );
    const count = Math.min(Math.max(first, 1), MAX_COLUMN);
    switch (final) {
      case "A":
        return this.#moveTo(this.#row - count, this.#column);
      case "B":
      case "e":
        return this.#moveTo(this.#row + count, this.#column, true);
      case "C":
      case "a":
        return this.#moveTo(this.#row, this.#column + count);
      case "D":
        return this.#moveTo(this.#row, this.#column - count);
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
        return this.#save();
      case "u":
        return this.#unsave();
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

  #moveTo(row: number, column: number, stayOnScreen = false): void {
    this.#column = Math.min(Math.max(column, 0), MAX_COLUMN);
    const bottom = stayOnScreen ? this.#top + SCREEN_ROWS - 1 : Infinity;
    const target = Math.min(Math.max(row, this.#top, this.#first), bottom);
    if (target === this.#row) return;
    this.#commit();
    this.#row = target;
    this.#top = Math.max(this.#top, target - SCREEN_ROWS + 1);
  }

  #save(): void {
    this.#saved = this.#cursor();
  }

  #unsave(): void {
    this.#moveTo(this.#saved.row, this.#saved.column);
    this.#style = this.#saved.style;
  }

  #eraseColumns(what: number): void {
    if (what === 0) this.#edit().erase(this.#column);
    else if (what === 1) this.#edit().erase(0, this.#column + 1);
    else if (what === 2) this.#edit().erase(0);
  }

  #eraseRows(what: number): void {
    if (what > 1) return this.#newScreen();
    this.#eraseColumns(what);
    this.#commit();
    const here = this.#row - this.#first;
    const [from, to] = what === 0
      ? [here + 1, this.#rows.length]
      : [Math.max(this.#top - this.#first, 0), here];
    if (what === 0) this.#rows.length = Math.min(this.#rows.length, from);
    else this.#rows.fill(this.#blank(), from, Math.min(to, this.#rows.length));
  }

  #newScreen(): void {
    this.#commit();
    this.#top = this.#first + this.#rows.length;
    this.#moveTo(this.#top, this.#column);
  }

  /** The row of the cursor, to write in it. */
  #edit(): RowDraft {
    return this.#draft ??= new RowDraft(this.#rows[this.#row - this.#first]);
  }

  #commit(): void {
    if (this.#draft === null) return;
    const index = this.#row - this.#first;
    this.#fill(index);
    this.#rows[index] = this.#draft.finish(this.#line);
    this.#draft = null;
    this.#scroll();
  }

  /** Makes sure that there is a row at the cursor: even an empty line has one. */
  #touch(): void {
    if (this.#row - this.#first >= this.#rows.length) this.#edit();
  }

  #fill(length: number): void {
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
