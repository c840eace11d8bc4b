/** Moves the focus between the cells of a table, following the ARIA grid pattern. */

/** A cell. */
export interface Place {
  /** The line: 0 for the header, then rows and their details. */
  readonly line: number;
  /** The column, counted from 0. */
  readonly column: number;
}

/** The size of a table. */
export interface Bounds {
  /** Number of lines, including the header. */
  readonly lines: number;
  readonly columns: number;
  /** How many lines a page has. */
  readonly page: number;
}

/** A key with its modifiers. */
export type Key = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey"
>;

/** Returns the cell that a key moves the focus to; null for other keys. */
export function moveBy(
  { key, ctrlKey, metaKey, altKey }: Key,
  { line, column }: Place,
  { lines, columns, page }: Bounds,
): Place | null {
  if (altKey) return null;
  const whole = ctrlKey || metaKey;
  const last = { line: lines - 1, column: columns - 1 };
  const to = (line: number, column: number) => ({
    line: Math.min(Math.max(line, 0), last.line),
    column: Math.min(Math.max(column, 0), last.column),
  });
  switch (key) {
    case "ArrowUp":
      return to(whole ? 1 : line - 1, column);
    case "ArrowDown":
      return to(whole ? last.line : line + 1, column);
    case "ArrowLeft":
      return to(line, whole ? 0 : column - 1);
    case "ArrowRight":
      return to(line, whole ? last.column : column + 1);
    case "Home":
      return whole ? to(0, 0) : to(line, 0);
    case "End":
      return whole ? last : to(line, last.column);
    // A page never leads into the header.
    case "PageUp":
      return to(Math.max(line - page, 1), column);
    case "PageDown":
      return to(line + page, column);
    default:
      return null;
  }
}
