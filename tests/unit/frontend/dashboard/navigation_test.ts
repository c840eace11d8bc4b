import { assertEquals } from "@std/assert";
import { cellAt, placeOf } from "../../../../frontend/dashboard/table/focus.ts";
import { TableLayout } from "../../../../frontend/dashboard/table/layout.ts";
import {
  moveBy,
  type Place,
} from "../../../../frontend/dashboard/table/navigation.ts";

const BOUNDS = { lines: 100, columns: 5, page: 10 };

function move(key: string, [line, column]: [number, number]): Place | null {
  const ctrlKey = key.startsWith("Ctrl+");
  const pressed = {
    key: key.replace("Ctrl+", ""),
    ctrlKey,
    metaKey: false,
    altKey: false,
  };
  return moveBy(pressed, { line, column }, BOUNDS);
}

const MOVES: [key: string, from: [number, number], to: [number, number]][] = [
  ["ArrowUp", [5, 2], [4, 2]],
  ["ArrowUp", [0, 2], [0, 2]],
  ["ArrowDown", [5, 2], [6, 2]],
  ["ArrowDown", [99, 2], [99, 2]],
  ["ArrowLeft", [5, 2], [5, 1]],
  ["ArrowLeft", [5, 0], [5, 0]],
  ["ArrowRight", [5, 2], [5, 3]],
  ["ArrowRight", [5, 4], [5, 4]],
  ["Home", [5, 2], [5, 0]],
  ["End", [5, 2], [5, 4]],
  ["Ctrl+Home", [5, 2], [0, 0]],
  ["Ctrl+End", [5, 2], [99, 4]],
  ["PageDown", [5, 2], [15, 2]],
  ["PageDown", [95, 2], [99, 2]],
  ["PageUp", [50, 2], [40, 2]],
  ["PageUp", [5, 2], [1, 2]],
];

for (const [key, from, [line, column]] of MOVES) {
  Deno.test(`${key} moves the focus from ${from} to ${line},${column}`, () => {
    assertEquals(move(key, from), { line, column });
  });
}

Deno.test("Other keys do not move the focus", () => {
  assertEquals(move("x", [5, 2]), null);
  const alt = { key: "ArrowUp", ctrlKey: false, metaKey: false, altKey: true };
  assertEquals(moveBy(alt, { line: 5, column: 2 }, BOUNDS), null);
});

const COLUMNS = ["select", "name", "cpu"] as const;
const LAYOUT = new TableLayout(["a", "b"], new Set(["a"]), new Map(), 10);

Deno.test("Each line of the table has a cell", () => {
  const cells = [0, 1, 2, 3].map((line) =>
    cellAt({ line, column: 1 }, LAYOUT, COLUMNS)
  );
  assertEquals(cells, [
    { row: null, column: "name" },
    { row: "a", column: "name" },
    { row: "a", column: "detail" },
    { row: "b", column: "name" },
  ]);
  for (const [line, cell] of cells.entries()) {
    assertEquals(placeOf(cell, LAYOUT, COLUMNS), { line, column: 1 });
  }
});

Deno.test("A cell whose column has been dropped becomes that of the name", () => {
  const place = placeOf({ row: "b", column: "pid" }, LAYOUT, COLUMNS);
  assertEquals(place, { line: 3, column: 1 });
});
