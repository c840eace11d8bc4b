import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { type LogLines, LogTail } from "../../../process/logs/tail.ts";
import { TempDir } from "../support.ts";

/** Returns the lines by their numbers. */
async function numbered(tail: LogTail): Promise<Record<number, string>> {
  const { first, lines } = await read(tail);
  return Object.fromEntries(lines.map((line, at) => [first + at, line]));
}

async function read(tail: LogTail): Promise<LogLines> {
  const { value, error } = await tail.read();
  assertEquals(error, null);
  return value;
}

Deno.test("LogTail numbers lines from 0, starting at the first line that it returns", async () => {
  using dir = new TempDir();
  using whole = new LogTail(await dir.write("short", "a\nb\n"), 5);
  assertEquals(await numbered(whole), { 0: "a", 1: "b" });
  const long = await dir.write("long", "line\n".repeat(100_000));
  using end = new LogTail(long, 2);
  assertEquals(await numbered(end), { 0: "line", 1: "line" });
});

Deno.test("LogTail starts at number 0 while a log is missing or empty", async () => {
  using dir = new TempDir();
  using tail = new LogTail(dir.file("log"), 5);
  assertEquals(await read(tail), { first: 0, lines: [] });
  await dir.write("log", "");
  assertEquals(await read(tail), { first: 0, lines: [] });
  await dir.append("log", "a\n");
  assertEquals(await numbered(tail), { 0: "a" });
});

Deno.test("LogTail keeps the numbers of lines while a file grows", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\n"), 3);
  assertEquals(await numbered(tail), { 0: "a" });
  await dir.append("log", "b\nc\n");
  assertEquals(await numbered(tail), { 0: "a", 1: "b", 2: "c" });
  await dir.append("log", "d\n");
  assertEquals(await numbered(tail), { 1: "b", 2: "c", 3: "d" });
});

Deno.test("LogTail numbers identical lines on", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\na\na\n"), 2);
  assertEquals(await read(tail), { first: 0, lines: ["a", "a"] });
  await dir.append("log", "a\n");
  assertEquals(await read(tail), { first: 1, lines: ["a", "a"] });
  await dir.append("log", "a\na\n");
  assertEquals(await read(tail), { first: 3, lines: ["a", "a"] });
});

Deno.test("LogTail completes an incomplete line under its number", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb"), 3);
  assertEquals(await numbered(tail), { 0: "a", 1: "b" });
  await dir.append("log", "c");
  assertEquals(await numbered(tail), { 0: "a", 1: "bc" });
  await dir.append("log", "d\ne\n");
  assertEquals(await numbered(tail), { 0: "a", 1: "bcd", 2: "e" });
});

Deno.test("LogTail keeps the number of a line that a progress bar redraws", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\n10%"), 3);
  assertEquals(await numbered(tail), { 0: "a", 1: "10%" });
  await dir.append("log", "\r20%");
  assertEquals(await numbered(tail), { 0: "a", 1: "10%\r20%" });
  // So long that earlier states are dropped.
  await dir.append("log", `\r${"#".repeat(5000)}`.repeat(10));
  const { first, lines } = await read(tail);
  assertEquals([first, lines.length], [0, 2]);
  assert(!lines[1].includes("20%"));
  await dir.append("log", "\r100%\nb\n");
  assertEquals((await numbered(tail))[2], "b");
});

Deno.test("LogTail keeps the number of a line that is cut", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "x".repeat(10_000)), 3);
  await read(tail);
  await dir.append("log", "x".repeat(10_000));
  const cut = `${"x".repeat(16 * 1024)} … [cut]`;
  const before = await read(tail);
  assertEquals(before, { first: 0, lines: [cut] });
  await dir.append("log", "x".repeat(10_000));
  assertStrictEquals(await read(tail), before);
  await dir.append("log", "x\na\n");
  assertEquals(await numbered(tail), { 0: cut, 1: "a" });
});

Deno.test("LogTail numbers the lines of a new file after those of a renamed one", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  assertEquals(await numbered(tail), { 0: "a" });
  await dir.append("log", "b\nc");
  await Deno.rename(path, dir.file("log.1"));
  await dir.write("log", "d\n");
  assertEquals(await numbered(tail), { 0: "a", 1: "b", 2: "c", 3: "d" });
  await dir.append("log", "e\nf\n");
  assertEquals(await numbered(tail), {
    1: "b",
    2: "c",
    3: "d",
    4: "e",
    5: "f",
  });
});

Deno.test("LogTail continues numbering after a truncation", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\nc");
  using tail = new LogTail(path, 5);
  assertEquals(await numbered(tail), { 0: "a", 1: "b", 2: "c" });
  await Deno.truncate(path);
  const empty = await read(tail);
  assertEquals(empty, { first: 3, lines: [] });
  assertStrictEquals(await read(tail), empty);
  await dir.append("log", "d\n");
  assertEquals(await numbered(tail), { 3: "d" });
  await Deno.truncate(path, 1);
  assertEquals(await numbered(tail), { 4: "d" });
});

Deno.test("LogTail continues numbering after a rewrite", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\n");
  await Deno.utime(path, 1, 1);
  using tail = new LogTail(path, 5);
  await read(tail);
  await dir.write("log", "c\nd\n");
  assertEquals(await numbered(tail), { 2: "c", 3: "d" });
});

Deno.test("LogTail continues numbering after a deletion", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await read(tail);
  await Deno.remove(path);
  assertEquals(await read(tail), { first: 1, lines: [] });
  await dir.write("log", "b\n");
  assertEquals(await numbered(tail), { 1: "b" });
  await Deno.remove(path);
  await dir.write("log", "c\n");
  assertEquals(await numbered(tail), { 2: "c" });
});

Deno.test("LogTail continues numbering after lines that it skipped", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb"), 2);
  assertEquals(await numbered(tail), { 0: "a", 1: "b" });
  await dir.append("log", "\nc\nd\ne\n");
  assertEquals(await numbered(tail), { 2: "d", 3: "e" });
  await dir.append("log", "some line\n".repeat(1_000_000) + "f\n");
  const { first, lines } = await read(tail);
  assert(first >= 4);
  assertEquals(lines, ["some line", "f"]);
});

Deno.test("LogTail renumbers lines when it has to go back for more of them", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\nc\n");
  using tail = new LogTail(path, 2);
  assertEquals(await numbered(tail), { 0: "b", 1: "c" });
  tail.lines = 3;
  assertEquals(await numbered(tail), { 2: "a", 3: "b", 4: "c" });
  await Deno.rename(path, dir.file("log.1"));
  await dir.write("log", "d\n");
  assertEquals(await numbered(tail), { 3: "b", 4: "c", 5: "d" });
  tail.lines = 5;
  assertEquals(await numbered(tail), { 6: "a", 7: "b", 8: "c", 9: "d" });
});

Deno.test("LogTail keeps the numbers of lines when it keeps fewer of them", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb\nc\n"), 3);
  await read(tail);
  tail.lines = 2;
  assertEquals(await numbered(tail), { 1: "b", 2: "c" });
  await dir.append("log", "d\n");
  assertEquals(await numbered(tail), { 2: "c", 3: "d" });
  tail.lines = 0;
  assertEquals(await read(tail), { first: 4, lines: [] });
  tail.lines = 1;
  assertEquals(await numbered(tail), { 4: "d" });
});

Deno.test("LogTail returns the very same object while nothing visible changes", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb");
  using tail = new LogTail(path, 5);
  const reading = await tail.read();
  assertStrictEquals(await tail.read(), reading);
  await Deno.utime(path, 1, 1);
  assertStrictEquals(await tail.read(), reading);
  await dir.append("log", "\n");
  assertStrictEquals(await tail.read(), reading);
  tail.lines = 4;
  assertStrictEquals(await tail.read(), reading);
  await dir.append("log", "b\n");
  assertEquals(await numbered(tail), { 0: "a", 1: "b", 2: "b" });
});
