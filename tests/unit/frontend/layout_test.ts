import { assertEquals } from "@std/assert";
import {
  type MeasuredHeights,
  unwrappedLayout,
  wrappedLayout,
} from "../../../frontend/logs/layout.ts";
import { isAtEnd, positionAt, topOf } from "../../../frontend/logs/position.ts";
import {
  endOf,
  retain,
  type Rows,
  rowsFrom,
} from "../../../frontend/logs/rows.ts";
import { Terminal } from "../../../frontend/terminal/terminal.ts";

function rowsOf(first: number, ...lines: string[]): Rows {
  const terminal = new Terminal();
  terminal.print(lines);
  return { first, list: terminal.rows };
}

const numbered = (from: number, to: number) =>
  rowsOf(from, ...Array.from({ length: to - from }, (_, i) => `${from + i}`));

Deno.test("A layout knows where rows are", () => {
  const rows = rowsOf(5, "ab", "abcdef", "", "abc");
  const flat = unwrappedLayout(rows);
  assertEquals([flat.height, flat.columns], [72, 6]);
  assertEquals([flat.indexAt(-9), flat.indexAt(40), flat.indexAt(999)], [
    0,
    2,
    3,
  ]);
  const wrapped = wrappedLayout(rows, 2, new WeakMap(), null);
  assertEquals(wrapped.height, 18 * (1 + 3 + 1 + 2));
  assertEquals([17, 18, 71, 72, 999].map((y) => wrapped.indexAt(y)), [
    0,
    1,
    1,
    2,
    3,
  ]);
});

Deno.test("A layout that follows on another is the same as one made anew", () => {
  const line = (i: number) => "x".repeat(i * 7 % 50);
  const lines = Array.from({ length: 400 }, (_, i) => line(i));
  const before = rowsOf(0, ...lines.slice(0, 300));
  const list = [
    ...before.list.slice(100),
    ...rowsOf(0, ...lines.slice(300)).list,
  ];
  const now = { first: 100, list };
  const measured: MeasuredHeights = new WeakMap();
  const first = wrappedLayout(before, 10, measured, null);
  assertEquals(
    wrappedLayout(now, 10, measured, first).tops,
    wrappedLayout(now, 10, measured, null).tops,
  );
});

Deno.test("A position stays with its row", () => {
  const layout = unwrappedLayout(numbered(0, 100));
  const position = positionAt(layout, 200);
  assertEquals(position, { row: 11, at: "top", offset: 2 });
  assertEquals(topOf(layout, position, 180), 200);
  assertEquals(topOf(unwrappedLayout(numbered(10, 110)), position, 180), 20);
  assertEquals(topOf(unwrappedLayout(numbered(50, 150)), position, 180), 0);
  const held = { row: 100, at: "bottom", offset: 0 } as const;
  assertEquals(topOf(unwrappedLayout(numbered(0, 200)), held, 180), 1620);
  assertEquals(isAtEnd(layout, 1615, 180), true);
  assertEquals(isAtEnd(layout, 1614, 180), false);
});

Deno.test("A reader who holds on keeps rows that have left the log", () => {
  const kept = retain(numbered(0, 10), numbered(5, 15), 100);
  assertEquals([kept.first, endOf(kept)], [0, 15]);
  const limited = retain(numbered(0, 10), numbered(5, 15), 12);
  assertEquals([limited.first, endOf(limited)], [3, 15]);
  // Nothing in common: it is another log.
  assertEquals(retain(numbered(0, 10), numbered(50, 60), 100).first, 50);
  assertEquals(rowsFrom(numbered(0, 10), 7).list.length, 3);
});
