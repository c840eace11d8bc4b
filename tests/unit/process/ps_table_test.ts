import { assertEquals } from "@std/assert";
import { parsePsLine } from "../../../process/system/ps_table.ts";

const LINE =
  "   42     1    42 Ss    2048 00:01:02 Sun Nov 22 16:50:45 2026 deno";

Deno.test("parsePsLine reads a process with its parent, start and usage", () => {
  assertEquals(parsePsLine(LINE), {
    pid: 42,
    state: "running",
    parent: 1,
    session: 42,
    startTime: Date.UTC(2026, 10, 22, 16, 50, 45) / 1000,
    startTicks: null,
    name: "deno",
    processDir: null,
    memoryBytes: 2048 * 1024,
    cpuSeconds: 62,
  });
});

Deno.test("parsePsLine reads every form of a start time and of a name", () => {
  const starts: [string, number][] = [
    ["Mon Nov  2 06:05:04 2026", Date.UTC(2026, 10, 2, 6, 5, 4)],
    ["Sun Nov  1 06:03:08 2026", Date.UTC(2026, 10, 1, 6, 3, 8)],
  ];
  for (const [text, time] of starts) {
    const line = LINE.replace("Sun Nov 22 16:50:45 2026", text);
    assertEquals(parsePsLine(line)?.startTime, time / 1000);
  }
  for (const name of ["my program (x)", "a 1 2", "init"]) {
    assertEquals(parsePsLine(LINE.replace("deno", name))?.name, name);
  }
});

Deno.test("parsePsLine reads CPU time in days, hours and fractions of a second", () => {
  const cpuSeconds = (time: string) =>
    parsePsLine(LINE.replace("00:01:02", time))?.cpuSeconds;
  assertEquals(cpuSeconds("2-01:00:00"), 176_400);
  // The format of macOS.
  assertEquals(cpuSeconds("1:02.50"), 62.5);
});

Deno.test("parsePsLine treats a zombie as exited", () => {
  assertEquals(parsePsLine(LINE.replace("Ss", "Z+")), null);
  assertEquals(parsePsLine(LINE.replace("Ss", "X")), null);
});

Deno.test("parsePsLine treats a process that lost only its first thread as running", () => {
  assertEquals(parsePsLine(LINE.replace("Ss", "Zsl"))?.state, "running");
});

Deno.test("parsePsLine reads that a process is suspended", () => {
  for (const stat of ["T", "Ts+"]) {
    assertEquals(parsePsLine(LINE.replace("Ss", stat))?.state, "suspended");
  }
  // A debugger resumes it by itself.
  assertEquals(parsePsLine(LINE.replace("Ss", "t"))?.state, "running");
});

Deno.test("parsePsLine returns null for a line that holds no process", () => {
  for (
    const line of ["", "\n", "PID PPID PGID STAT RSS TIME STARTED COMMAND"]
  ) {
    assertEquals(parsePsLine(line), null);
  }
});
