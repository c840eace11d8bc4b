import { assertEquals } from "@std/assert";
import { executeNotebook } from "../executed_notebook.ts";
import { outputsOf } from "../notebook_file.ts";

Deno.test("nbclient keeps the output of 100 cells whose value is a widget or a handle", async () => {
  const cells = Array.from({ length: 50 }, (_, i) => [
    `pw.processWidget("/nowhere${i}");`,
    `new pw.ProcessHandle("/nowhere${i}", "handle")`,
  ]).flat();
  const executed = await executeNotebook("nbclient", cells);
  assertEquals(
    executed.cells.map(outputsOf),
    cells.map(() => ["execute_result view"]),
  );
});

for (const executor of ["nbconvert", "papermill"] as const) {
  Deno.test(`${executor} keeps the outputs of widgets and handles`, async () => {
    const { cells } = await executeNotebook(executor, [
      `pw.processWidget("/nowhere");`,
      `new pw.ProcessHandle("/nowhere", "handle")`,
      `await pw.processWidget("/nowhere").display()`,
      `console.log("before"); pw.processWidget("/nowhere");`,
      `42`,
    ]);
    assertEquals(cells.map(outputsOf), [
      ["execute_result view"],
      ["execute_result view"],
      ["display_data view"],
      ["stream", "execute_result view"],
      ["execute_result"],
    ]);
  });
}
