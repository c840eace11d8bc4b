import { assertEquals } from "@std/assert";
import { lastLineIn, LastLineReader } from "../../../process/logs/last_line.ts";
import { isHeld, TempDir } from "../support.ts";

Deno.test("LastLineReader returns the last line that is not blank", async () => {
  using dir = new TempDir();
  const log = new LastLineReader(dir.file("log"));
  const read = async () => {
    const { value, error } = await log.read();
    assertEquals(error, null);
    return value.text;
  };
  assertEquals(await read(), "");
  await dir.write("log", "one\ntwo\n\n   \n");
  assertEquals(await read(), "two");
  await dir.append("log", "incompl");
  assertEquals(await read(), "incompl");
  await dir.append("log", "ete\n");
  assertEquals(await read(), "incomplete");
  await dir.append("log", "10 %\r50 %\r\x1b[K100 %\r");
  assertEquals(await read(), "\x1b[K100 %");
  await dir.write("log", "x\n".repeat(100_000) + "end\n");
  assertEquals(await read(), "end");
  await dir.write("log", "");
  assertEquals(await read(), "");
  await Deno.remove(dir.file("log"));
  assertEquals(await read(), "");
});

Deno.test("LastLineReader keeps no file open", async () => {
  using dir = new TempDir();
  await dir.write("log", "line\n");
  await new LastLineReader(dir.file("log")).read();
  assertEquals(isHeld(dir.file("log")), false);
});

Deno.test("LastLineReader keeps the last line that it could read, and says why", async () => {
  using dir = new TempDir();
  await dir.write("log", "line\n");
  const log = new LastLineReader(dir.file("log"));
  await log.read();
  await Deno.remove(dir.file("log"));
  await dir.fifo("log");
  const { value, error } = await log.read();
  assertEquals(value.text, "line");
  assertEquals(error?.includes("it is a FIFO"), true);
});

Deno.test("lastLineIn cuts a long line", () => {
  assertEquals(lastLineIn("x".repeat(1000)).length, 400);
  assertEquals(lastLineIn("a" + "x".repeat(999) + "b", true).at(-1), "b");
  assertEquals(lastLineIn("cut\nwhole\n", true), "whole");
});
