import { assertEquals, assertStrictEquals } from "@std/assert";
import { LogTail } from "../../../process/logs/tail.ts";
import { linesOf, TempDir } from "../support.ts";

Deno.test("LogTail starts over when a file is truncated", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\nc\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.truncate(path);
  assertEquals(await linesOf(tail), []);
  await dir.append("log", "d\n");
  assertEquals(await linesOf(tail), ["d"]);
});

Deno.test("LogTail detects that a file was truncated to a part of its content", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\nc\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.truncate(path, 4);
  assertEquals(await linesOf(tail), ["a", "b"]);
});

Deno.test("LogTail follows a file that was copied and truncated", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "old 1\nold 2\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.copyFile(path, dir.file("log.1"));
  await Deno.truncate(path);
  await dir.append("log", "new\n");
  assertEquals(await linesOf(tail), ["new"]);
});

Deno.test("LogTail detects that a file was truncated and grew beyond its old size", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "old 1\nold 2\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.truncate(path);
  await dir.append("log", "new 1\nnew 2\nnew 3\n");
  assertEquals(await linesOf(tail), ["new 1", "new 2", "new 3"]);
});

Deno.test("LogTail detects that a file was truncated and grew to its old size", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "old\n");
  await Deno.utime(path, 1, 1);
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await dir.write("log", "new\n");
  assertEquals(await linesOf(tail), ["new"]);
});

Deno.test("LogTail keeps reading a renamed file until its successor has content", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await dir.append("log", "b\n");
  await Deno.rename(path, dir.file("log.1"));
  assertEquals(await linesOf(tail), ["a", "b"]);
  await dir.append("log.1", "c");
  assertEquals(await linesOf(tail), ["a", "b", "c"]);
  await dir.write("log", "");
  await dir.append("log.1", "c\nd");
  assertEquals(await linesOf(tail), ["a", "b", "cc", "d"]);
  await dir.append("log.1", "d");
  assertEquals(await linesOf(tail), ["a", "b", "cc", "dd"]);
  await dir.append("log", "e\n");
  assertEquals(await linesOf(tail), ["a", "b", "cc", "dd", "e"]);
  await dir.append("log", "f\n");
  assertEquals(await linesOf(tail), ["b", "cc", "dd", "e", "f"]);
});

Deno.test("LogTail reads the rest of a file that was rotated between two reads", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await dir.append("log", "b\n");
  await Deno.rename(path, dir.file("log.1"));
  await dir.write("log", "c\n");
  assertEquals(await linesOf(tail), ["a", "b", "c"]);
});

Deno.test("LogTail drops the lines of all files when the current one is truncated", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.rename(path, dir.file("log.1"));
  await dir.write("log", "b\n");
  assertEquals(await linesOf(tail), ["a", "b"]);
  await Deno.truncate(path);
  assertEquals(await linesOf(tail), []);
});

Deno.test("LogTail drops the lines of a deleted file and reads the file that replaces it", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.remove(path);
  assertEquals(await linesOf(tail), []);
  const empty = await linesOf(tail);
  assertStrictEquals(await linesOf(tail), empty);
  await dir.write("log", "b\n");
  assertEquals(await linesOf(tail), ["b"]);
});

Deno.test("LogTail starts over when a file was deleted and recreated between two reads", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\n");
  using tail = new LogTail(path, 5);
  await linesOf(tail);
  await Deno.remove(path);
  await dir.write("log", "b\n");
  assertEquals(await linesOf(tail), ["b"]);
});

Deno.test("LogTail keeps the lines of a rotated file when its limit is raised", async () => {
  using dir = new TempDir();
  const path = await dir.write("log", "a\nb\n");
  using tail = new LogTail(path, 2);
  await linesOf(tail);
  await Deno.rename(path, dir.file("log.1"));
  await dir.write("log", "c\n");
  assertEquals(await linesOf(tail), ["b", "c"]);
  tail.lines = 5;
  assertEquals(await linesOf(tail), ["a", "b", "c"]);
});
