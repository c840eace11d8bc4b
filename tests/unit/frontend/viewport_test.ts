import { assertEquals } from "@std/assert";
import {
  isAtEnd,
  type MeasuredHeights,
  positionAt,
  scrollTopFor,
  unwrappedLayout,
  wrappedLayout,
} from "../../../frontend/logs/viewport.ts";
import type { Rows } from "../../../frontend/logs/log_store.ts";
import { Terminal } from "../../../frontend/terminal/terminal.ts";

function rowsOf(first: number, ...lines: string[]): Rows {
  const terminal = new Terminal();
  terminal.print(lines);
  return { first, list: terminal.rows };
}

const numbered = (from: number, to: number) =>
  rowsOf(from, ...Array.from({ length: to - from }, (_, i) => `${from + i}`));

Deno.test("unwrappedLayout gives each row one line", () => {
  const layout = unwrappedLayout(rowsOf(5, "ab", "abcdef", "", "abc"));
  assertEquals([layout.height, layout.columns], [72, 6]);
  assertEquals([-9, 40, 999].map((y) => layout.indexAt(y)), [0, 2, 3]);
});

Deno.test("wrappedLayout gives a row as many lines as it needs", () => {
  const rows = rowsOf(5, "ab", "abcdef", "", "abc");
  const layout = wrappedLayout(rows, 2, new WeakMap(), null);
  assertEquals(layout.height, 18 * (1 + 3 + 1 + 2));
  const indexes = [17, 18, 71, 72, 999].map((y) => layout.indexAt(y));
  assertEquals(indexes, [0, 1, 1, 2, 3]);
});

Deno.test("wrappedLayout is the same with and without a previous layout", () => {
  const line = (i: number) => "x".repeat(i * 7 % 50);
  const lines = Array.from({ length: 400 }, (_, i) => line(i));
  const before = rowsOf(0, ...lines.slice(0, 300));
  const list = [
    ...before.list.slice(100),
    ...rowsOf(0, ...lines.slice(300)).list,
  ];
  const now = { first: 100, list };
  const measured: MeasuredHeights = new WeakMap();
  const previous = wrappedLayout(before, 10, measured, null);
  assertEquals(
    wrappedLayout(now, 10, measured, previous).tops,
    wrappedLayout(now, 10, measured, null).tops,
  );
});

Deno.test("A position stays with its row while rows are dropped", () => {
  const layout = unwrappedLayout(numbered(0, 100));
  const position = positionAt(layout, 200);
  assertEquals(position, { row: 11, at: "top", offset: 2 });
  const topIn = (rows: Rows) =>
    scrollTopFor(unwrappedLayout(rows), position, 180);
  assertEquals(topIn(numbered(0, 100)), 200);
  assertEquals(topIn(numbered(10, 110)), 20);
  assertEquals(topIn(numbered(50, 150)), 0);
});

Deno.test("A position at the bottom keeps the last row in sight", () => {
  const position = { row: 100, at: "bottom", offset: 0 } as const;
  const layout = unwrappedLayout(numbered(0, 200));
  assertEquals(scrollTopFor(layout, position, 180), 1620);
});

Deno.test("isAtEnd tolerates a few pixels", () => {
  const layout = unwrappedLayout(numbered(0, 100));
  assertEquals(isAtEnd(layout, 1615, 180), true);
  assertEquals(isAtEnd(layout, 1614, 180), false);
});
