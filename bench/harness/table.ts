import { exceedsLimit, ratioOf, type Row } from "./figure.ts";

const HEADER = ["figure", "floor", "ours", "ratio", "limit"];

/** Returns the rows as a table in Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEADER, ...rows.map(cellsOf)];
  const widths = HEADER.map((_, column) =>
    Math.max(...cells.map((row) => row[column].length))
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => pad(cell, widths[at], at > 0)).join(" | ")} |`;
  const rule = `| ${
    widths.map((width, at) => `${"-".repeat(width - 1)}${at > 0 ? ":" : "-"}`)
      .join(" | ")
  } |`;
  return [line(cells[0]), rule, ...cells.slice(1).map(line)].join("\n");
}

/** Describes each row that exceeds its limit, a line each. */
export function describeExcess(rows: readonly Row[]): string[] {
  return rows.filter(exceedsLimit).map((row) =>
    `${row.figure}: ${number(ratioOf(row))} times the floor exceeds ${
      number(row.limit!)
    }`
  );
}

function cellsOf(row: Row): string[] {
  const excess = exceedsLimit(row) ? " !" : "";
  return [
    row.figure,
    `${number(row.floor)} ${row.unit}`,
    `${number(row.ours)} ${row.unit}`,
    number(ratioOf(row)) + excess,
    row.limit === null ? "–" : number(row.limit),
  ];
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

/** Formats a number with the digits that matter. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  if (Math.abs(value) < 0.095 && value !== 0) {
    return String(Number(value.toPrecision(1)));
  }
  return value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, ",");
}
