import { assertEquals } from "@std/assert";
import { parseProcStat } from "../../../process/system/proc_stat.ts";
import { parseBootTime } from "../../../process/system/proc_table.ts";

/** Returns a line of `/proc/<pid>/stat` whose values are its field numbers. */
function statLine(comm: string, state: string): string {
  const rest = Array.from({ length: 49 }, (_, at) => at + 4);
  return `42 (${comm}) ${state} ${rest.join(" ")}\n`;
}

Deno.test("parseProcStat reads the fields of a process", () => {
  assertEquals(parseProcStat(statLine("deno", "S")), {
    state: "S",
    parent: 4,
    threads: 20,
    cpuTicks: 14 + 15,
    startTicks: 22,
    residentPages: 24,
    name: "deno",
    session: 6,
  });
});

Deno.test("parseProcStat reads a command name with spaces and parentheses", () => {
  for (const comm of ["a b", "a) R (b", ") Z 1 2 3", "(", ")", "a\nb", ""]) {
    const { name, state, startTicks } = parseProcStat(statLine(comm, "S"));
    assertEquals({ name, state, startTicks }, {
      name: comm,
      state: "S",
      startTicks: 22,
    });
  }
});

Deno.test("parseBootTime reads when the machine started", () => {
  const text = "cpu  1 2 3\nintr 9 0 1\nbtime 1795365188\nprocesses 5222\n";
  assertEquals(parseBootTime(text), 1795365188);
});
