import { assertEquals } from "@std/assert";
import {
  keepPosition,
  rangeInSight,
  scrollTo,
  TableLayout,
} from "../../../../frontend/dashboard/table/layout.ts";

function layout(
  ids: string,
  expanded = "",
  heights: [string, number][] = [],
): TableLayout {
  const set = new Set(expanded.split("").filter(Boolean));
  return new TableLayout(ids.split(""), set, new Map(heights), 10);
}

const LETTERS = "abcdefghijklmnopqrst";

Deno.test("A layout stacks rows and their details", () => {
  const rows = layout("abc", "b", [["b", 100], ["c", 50]]);
  assertEquals([0, 1, 2, 3].map((at) => rows.topOf(at)), [0, 10, 120, 130]);
  assertEquals([rows.height, rows.lines], [130, 4]);
  assertEquals([0, 1, 2].map((at) => rows.lineOf(at)), [0, 1, 3]);
  assertEquals([-5, 0, 10, 119, 120, 999].map((y) => rows.indexAt(y)), [
    ...[0, 0, 1],
    ...[1, 2, 2],
  ]);
  assertEquals([0, 1, 2, 3, 9].map((line) => rows.indexOfLine(line)), [
    ...[0, 1, 1],
    ...[2, 2],
  ]);
  assertEquals([rows.indexOf("c"), rows.indexOf("x")], [2, -1]);
});

Deno.test("Only rows in sight and near it are drawn", () => {
  const rows = layout(LETTERS);
  assertEquals(rangeInSight(rows, 0, 30, 0), { start: 0, end: 3 });
  assertEquals(rangeInSight(rows, 55, 30, 0), { start: 5, end: 9 });
  assertEquals(rangeInSight(rows, 55, 30, 20), { start: 3, end: 11 });
  assertEquals(rangeInSight(rows, 999, 30, 20), { start: 19, end: 20 });
  assertEquals(rangeInSight(layout(""), 0, 30, 20), { start: 0, end: 0 });
});

Deno.test("The row at the top stays in place when rows are added above it", () => {
  const before = layout("bcde");
  assertEquals(keepPosition(before, layout("abcde"), 15), 25);
  assertEquals(keepPosition(before, layout("bcdxe"), 15), 15);
});

Deno.test("The table shows what is added at its top", () => {
  assertEquals(keepPosition(layout("bcde"), layout("abcde"), 0), 0);
});

Deno.test("The row at the top stays in place when rows above it leave", () => {
  assertEquals(keepPosition(layout("abcde"), layout("bcde"), 25), 15);
});

Deno.test("The next row replaces the one at the top when it leaves", () => {
  assertEquals(keepPosition(layout("abcde"), layout("abde"), 25), 20);
  assertEquals(keepPosition(layout("abcde"), layout("ab"), 25), 20);
});

Deno.test("The table stays in place when rows are sorted in another order", () => {
  assertEquals(keepPosition(layout("abcde"), layout("ecdba"), 25), 25);
});

Deno.test("The row at the top stays in place when one above is expanded", () => {
  const after = layout("abcde", "a", [["a", 100]]);
  assertEquals(keepPosition(layout("abcde"), after, 25), 125);
  assertEquals(keepPosition(after, layout("abcde"), 125), 25);
});

Deno.test("A row whose details are at the top moves there when it collapses", () => {
  const before = layout("abcde", "b", [["b", 100]]);
  assertEquals(keepPosition(before, layout("abcde"), 70), 10);
});

Deno.test("A table scrolls no further than necessary", () => {
  assertEquals(scrollTo({ top: 50, bottom: 60 }, 40, 30), 40);
  assertEquals(scrollTo({ top: 50, bottom: 60 }, 80, 30), 50);
  assertEquals(scrollTo({ top: 50, bottom: 60 }, 0, 30), 30);
  assertEquals(scrollTo({ top: 50, bottom: 150 }, 0, 30), 50);
});

Deno.test("Layouts are equal if all rows are at the same places", () => {
  const rows = layout("abc", "b", [["b", 100]]);
  assertEquals(rows.equals(layout("abc", "b", [["b", 100]])), true);
  assertEquals(rows.equals(layout("abc", "b", [["b", 90]])), false);
  assertEquals(rows.equals(layout("abc")), false);
  assertEquals(rows.equals(layout("bac", "b", [["b", 100]])), false);
  assertEquals(layout("abc").equals(layout("abcd")), false);
});
