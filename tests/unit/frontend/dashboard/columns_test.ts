import { assert, assertEquals } from "@std/assert";
import {
  arrange,
  type ColumnId,
} from "../../../../frontend/dashboard/table/columns.ts";

const FULL = { canAct: true, canHover: true };

Deno.test("A wide table has all columns", () => {
  const { columns, curves, exitIn } = arrange(1200, FULL);
  assertEquals(
    columns.join(" "),
    [
      "select expand status name pid uptime health cpu memory output exit actions",
    ].join(),
  );
  assertEquals([curves, exitIn], [true, "exit"]);
});

Deno.test("The least important columns are dropped first", () => {
  const dropped = new Set<string>();
  const order: string[] = [];
  for (let width = 1300; width >= 560; width--) {
    const { columns, curves } = arrange(width, FULL);
    const all: ColumnId[] = ["pid", "exit", "health", "uptime"];
    for (const id of all) {
      if (!columns.includes(id) && !dropped.has(id)) order.push(id);
      if (!columns.includes(id)) dropped.add(id);
    }
    if (!curves && !dropped.has("curves")) order.push("curves");
    if (!curves) dropped.add("curves");
  }
  assertEquals(order, ["pid", "exit", "health", "curves", "uptime"]);
});

Deno.test("A narrow table is a list", () => {
  const { isList, columns, rowHeight } = arrange(559, FULL);
  assertEquals([isList, rowHeight], [true, 58]);
  assert(columns.includes("output") && !columns.includes("uptime"));
});

Deno.test("How a process ended moves where its column is dropped", () => {
  const widths = [1200, 900, 570, 320];
  assertEquals(widths.map((width) => arrange(width, FULL).exitIn), [
    ...["exit", "uptime"],
    ...["memory", "memory"],
  ]);
});

Deno.test("Buttons take room only where they are always visible", () => {
  const touch = arrange(1200, { canAct: true, canHover: false });
  assert(touch.tracks.endsWith(" 98px"));
  assert(arrange(1200, FULL).tracks.endsWith(" 0px"));
});

Deno.test("A table that cannot act has neither checkboxes nor buttons", () => {
  for (const width of [400, 1200]) {
    const { columns } = arrange(width, { canAct: false, canHover: true });
    assert(!columns.includes("select") && !columns.includes("actions"));
  }
});
