import { assertEquals } from "@std/assert";
import { LogBook } from "../../../frontend/logs/log_store.ts";
import { MergedLog, streamOf } from "../../../frontend/logs/merged_log.ts";
import type { Stream } from "../../../frontend/view.ts";

/** Prints to streams that keep `capacity` lines, and merges what they show. */
function setUp(capacity: number) {
  const books = { stdout: new LogBook(), stderr: new LogBook() };
  const kept = { stdout: 0, stderr: 0 };
  const merged = new MergedLog();
  const print = (stream: Stream, ...items: string[]) => {
    const drop = Math.max(0, kept[stream] + items.length - capacity);
    const keep = kept[stream] - drop;
    books[stream].apply({ drop, keep, items });
    kept[stream] = keep + items.length;
    merged.update(stream, books[stream].rows);
  };
  const shown = () =>
    merged.rows.list.map((row) => `${streamOf(row)} ${row.text}`);
  return { print, shown, merged };
}

Deno.test("MergedLog has the lines of both streams as they came", () => {
  const { print, shown } = setUp(10);
  print("stdout", "a", "b");
  print("stderr", "oops");
  print("stdout", "c");
  assertEquals(shown(), ["stdout a", "stdout b", "stderr oops", "stdout c"]);
});

Deno.test("MergedLog keeps as many lines as both streams, and their numbers", () => {
  const { print, shown, merged } = setUp(2);
  print("stderr", "oops");
  print("stdout", "a", "b");
  assertEquals(merged.rows.first, 0);
  print("stdout", "c");
  assertEquals(shown(), ["stdout a", "stdout b", "stdout c"]);
  assertEquals(merged.rows.first, 1);
  print("stderr", "again");
  assertEquals(shown(), [
    "stdout a",
    "stdout b",
    "stdout c",
    "stderr again",
  ]);
});

Deno.test("MergedLog shows a line anew that the terminal writes in again", () => {
  const { print, shown } = setUp(10);
  print("stdout", "10 %");
  print("stderr", "meanwhile");
  print("stdout", "\x1b[A100 %");
  assertEquals(shown().slice(0, 2), ["stdout 100 %", "stderr meanwhile"]);
});
