import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { MAX_READ } from "../../../process/logs/rotating_file.ts";
import { LogTail } from "../../../process/logs/tail.ts";
import { linesOf, TempDir } from "../support.ts";

const GiB = 2 ** 30;

Deno.test("LogTail returns the last lines of a file", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb\nc\n"), 2);
  assertEquals(await linesOf(tail), ["b", "c"]);
});

Deno.test("LogTail follows a file that grows", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\n"), 3);
  assertEquals(await linesOf(tail), ["a"]);
  await dir.append("log", "b\n");
  assertEquals(await linesOf(tail), ["a", "b"]);
  await dir.append("log", "c\nd\n");
  assertEquals(await linesOf(tail), ["b", "c", "d"]);
});

Deno.test("LogTail reads no bytes of an unchanged file, and returns the very same array", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb");
  await Deno.utime(path, 1, 1);
  using tail = new LogTail(path, 2);
  const lines = await linesOf(tail);
  assertEquals(tail.bytesRead, 3);
  assertStrictEquals(await linesOf(tail), lines);
  assertStrictEquals(await linesOf(tail), lines);
  assertEquals(tail.bytesRead, 3);
});

Deno.test("LogTail notices that a file was rewritten at the same size and time", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  const { mtime } = await Deno.stat(path);
  using tail = new LogTail(path, 2);
  assertEquals(await linesOf(tail), ["a"]);
  await dir.write("log", "b\n");
  await Deno.utime(path, mtime!, mtime!);
  assertEquals(await linesOf(tail), ["b"]);
});

Deno.test("LogTail reads little more than the new bytes of a file that grew", async () => {
  using dir = new TempDir();
  using tail = new LogTail(
    await dir.write("log", "some line\n".repeat(10_000)),
    20,
  );
  await linesOf(tail);
  const before = tail.bytesRead;
  await dir.append("log", "new\n");
  assertEquals((await linesOf(tail)).at(-1), "new");
  assert(tail.bytesRead - before < 512);
});

Deno.test("LogTail returns the very same array after a touch", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 2);
  const lines = await linesOf(tail);
  await Deno.utime(path, 1, 1);
  assertStrictEquals(await linesOf(tail), lines);
});

Deno.test("LogTail includes an incomplete line and completes it in place", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb"), 2);
  assertEquals(await linesOf(tail), ["a", "b"]);
  await dir.append("log", "b");
  assertEquals(await linesOf(tail), ["a", "bb"]);
  await dir.append("log", "\n");
  assertEquals(await linesOf(tail), ["a", "bb"]);
  await dir.append("log", "c");
  assertEquals(await linesOf(tail), ["bb", "c"]);
});

Deno.test("LogTail waits for a missing file without an error", async () => {
  using dir = new TempDir();
  using tail = new LogTail(dir.file("later/log"), 5);
  assertEquals(await linesOf(tail), []);
  await Deno.mkdir(dir.file("later"));
  assertEquals(await linesOf(tail), []);
  await dir.write("later/log", "a\n");
  assertEquals(await linesOf(tail), ["a"]);
});

Deno.test("LogTail returns no lines for an empty file", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", ""), 5);
  assertEquals(await linesOf(tail), []);
  await dir.append("log", "a\n");
  assertEquals(await linesOf(tail), ["a"]);
});

Deno.test("LogTail joins a character that is split across two reads", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", [0x61, 0xf0, 0x9f]), 5);
  assertEquals(await linesOf(tail), ["a"]);
  await dir.append("log", [0x8e]);
  assertEquals(await linesOf(tail), ["a"]);
  await dir.append("log", [0x89, 0x0a]);
  assertEquals(await linesOf(tail), ["a🎉"]);
});

Deno.test("LogTail reads CRLF, NUL bytes and invalid UTF-8", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\r\nb\0b\r"), 5);
  assertEquals(await linesOf(tail), ["a", "b\0b"]);
  await dir.append("log", [0x0a, 0xff, 0x0a]);
  assertEquals(await linesOf(tail), ["a", "b\0b", "\ufffd"]);
});

Deno.test("LogTail cuts a line longer than 16 KiB and continues after it", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "x".repeat(20_000)), 5);
  const cut = `${"x".repeat(16 * 1024)} … [cut]`;
  assertEquals(await linesOf(tail), [cut]);
  await dir.append("log", "xxx\ny\n");
  assertEquals(await linesOf(tail), [cut, "y"]);
});

Deno.test("LogTail reads at most 8 MiB of a very long line", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "start");
  await Deno.truncate(path, 100 * 2 ** 20);
  await dir.append("log", "\nend\n");
  using tail = new LogTail(path, 20);
  const [long, end] = await linesOf(tail);
  assert(long.startsWith("[cut] … ") && long.endsWith(" … [cut]"));
  assertEquals(end, "end");
  assert(tail.bytesRead <= MAX_READ);
});

Deno.test("LogTail reads only the end of a file larger than 4 GiB", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "");
  await Deno.truncate(path, 5 * GiB);
  await dir.append("log", "\na\nb\n");
  using tail = new LogTail(path, 2);
  assertEquals(await linesOf(tail), ["a", "b"]);
  assert(tail.bytesRead <= 64 * 1024);
  await dir.append("log", "c\n");
  assertEquals(await linesOf(tail), ["b", "c"]);
});

Deno.test("LogTail skips lines that were pushed out between two reads", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "first\n"), 3);
  await linesOf(tail);
  await dir.append("log", "some line\n".repeat(1_000_000));
  await dir.append("log", "last\n");
  assertEquals(await linesOf(tail), ["some line", "some line", "last"]);
  assert(tail.bytesRead < 100_000);
});

Deno.test("LogTail returns whole lines even if they take several chunks", async () => {
  using dir = new TempDir();
  const lines = Array.from({ length: 50 }, (_, at) => `${at}`.repeat(7_500));
  const path = await dir.write("log", `${lines.join("\n")}\n`);
  for (let count = 0; count <= 50; count++) {
    using tail = new LogTail(path, count);
    assertEquals(await linesOf(tail), lines.slice(50 - count));
  }
});

Deno.test("LogTail goes back in the file when its limit is raised", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb\nc\nd"), 1);
  assertEquals(await linesOf(tail), ["d"]);
  tail.lines = 3;
  assertEquals(await linesOf(tail), ["b", "c", "d"]);
  tail.lines = 2;
  assertEquals(await linesOf(tail), ["c", "d"]);
  tail.lines = 0;
  assertEquals(await linesOf(tail), []);
  tail.lines = 10_000;
  assertEquals(await linesOf(tail), ["a", "b", "c", "d"]);
  tail.lines = 9_999;
  assertEquals(await linesOf(tail), ["a", "b", "c", "d"]);
});

Deno.test("LogTail keeps up to 10,000 lines", async () => {
  using dir = new TempDir();
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
  using tail = new LogTail(
    await dir.write("log", `${lines.join("\n")}\n`),
    10_000,
  );
  assertEquals(await linesOf(tail), lines.slice(-10_000));
});

Deno.test("LogTail reads nothing when it keeps no lines", async () => {
  using dir = new TempDir();
  using tail = new LogTail(await dir.write("log", "a\nb\n"), 0);
  assertEquals(await linesOf(tail), []);
  assertEquals(tail.bytesRead, 0);
});

Deno.test("LogTail rejects an invalid number of lines", () => {
  for (const lines of [-1, 1.5, NaN, Infinity, 10_001]) {
    assertThrows(() => new LogTail("/x", lines), RangeError, `is ${lines}`);
    using tail = new LogTail("/x", 1);
    assertThrows(() => tail.lines = lines, RangeError, `is ${lines}`);
  }
});
