import { assertEquals } from "@std/assert";
import { parsePs, parsePsTable } from "../../../process/system/ps.ts";

const START = Date.UTC(2026, 10, 22, 16, 50, 45) / 1000;

Deno.test("parsePs finds when a process started", () => {
  for (
    const line of [
      "Ss   Sun Nov 22 16:50:45 2026\n",
      "S<l+ Sun Nov 22 16:50:45 2026",
      "  R  Sun Nov 22 16:50:45 2026    \n",
    ]
  ) {
    assertEquals(parsePs(line), START);
  }
  const early = Date.UTC(2026, 10, 2, 6, 5, 4) / 1000;
  assertEquals(parsePs("S    Mon Nov  2 06:05:04 2026\n"), early);
});

Deno.test("parsePs takes a zombie for dead", () => {
  assertEquals(parsePs("Z+   Sun Nov 22 16:50:45 2026\n"), null);
  assertEquals(parsePs("X    Sun Nov 22 16:50:45 2026\n"), null);
});

Deno.test("parsePs finds no process in no line", () => {
  assertEquals(parsePs(""), null);
  assertEquals(parsePs("\n"), null);
});

Deno.test("parsePsTable reads what belongs to what, and leaves zombies out", () => {
  const text = `    1     0     0 S<Ll Sun Nov 22 16:33:08 2026 init
   42     1    42 Ss   Sun Nov  1 06:03:08 2026 my program (x)
   43    42    42 Z    Sun Nov 22 16:33:08 2026 sh <defunct>
`;
  assertEquals(
    parsePsTable(text).map(({ pid, parent, session, name }) => [
      ...[pid, parent, session],
      name,
    ]),
    [[1, 0, 0, "init"], [42, 1, 42, "my program (x)"]],
  );
  assertEquals(
    parsePsTable(text)[1].startTime,
    Date.UTC(2026, 10, 1, 6, 3, 8) / 1000,
  );
});
