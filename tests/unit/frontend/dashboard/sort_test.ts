import { assertEquals } from "@std/assert";
import {
  sorted,
  toggleSorting,
} from "../../../../frontend/dashboard/data/sort.ts";
import type { Column } from "../../../../widget/dashboard/traits.ts";
import { ENDED, type RowSpec } from "../../dashboard_rows.ts";
import { entriesOf, namesOf } from "./entries_of.ts";

const ROWS: RowSpec[] = [
  {
    name: "busy",
    pid: 30,
    started_at: 3000,
    usage: [[1, 90, 10]],
    health_status: "degraded",
    last_line: "\x1b[31mbeta\x1b[0m",
  },
  {
    name: "calm",
    pid: 20,
    started_at: 1000,
    usage: [[1, 1, 30]],
    health_status: "healthy",
    last_line: "10%\rAlpha",
  },
  { name: "done", ...ENDED, exited_at: 8000 },
  { name: "fell", ...ENDED, status: "failed", exited_at: 9000 },
  { name: "lost", ...ENDED, status: "unknown", exited_at: null },
];

function order(column: Column, descending: boolean): string {
  return namesOf(sorted(entriesOf(...ROWS), { column, descending })).join(" ");
}

const ORDERS: Record<Column, [ascending: string, descending: string]> = {
  name: ["busy calm done fell lost", "lost fell done calm busy"],
  status: ["fell busy calm done lost", "done busy calm fell lost"],
  pid: ["calm busy done fell lost", "busy calm done fell lost"],
  uptime: ["busy calm done fell lost", "calm busy done fell lost"],
  health: ["busy calm done fell lost", "calm busy done fell lost"],
  cpu: ["calm busy done fell lost", "busy calm done fell lost"],
  memory: ["busy calm done fell lost", "calm busy done fell lost"],
  output: ["calm busy done fell lost", "busy calm done fell lost"],
  exit: ["done fell busy calm lost", "fell done busy calm lost"],
};

for (const column of Object.keys(ORDERS) as Column[]) {
  Deno.test(`Rows are sorted by ${column}, those without a value last`, () => {
    assertEquals([order(column, false), order(column, true)], ORDERS[column]);
  });
}

Deno.test("A click sorts by a column, a second one reverses it", () => {
  const byName = toggleSorting({ column: "cpu", descending: true }, "name");
  assertEquals(byName, { column: "name", descending: false });
  assertEquals(toggleSorting(byName, "name").descending, true);
});

Deno.test("The first click on a column of usage sorts by the largest value", () => {
  const byName = { column: "name", descending: false } as const;
  assertEquals(toggleSorting(byName, "memory").descending, true);
});
