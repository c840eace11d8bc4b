import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  endOf,
  LogStore,
  retain,
  type Rows,
  rowsFrom,
  StreamLog,
  streamOf,
} from "../../../frontend/logs/log_store.ts";
import { followList } from "../../../jupyter/page/sliding_list.ts";
import type { Stream } from "../../../widget/traits.ts";
import { FakeModel } from "./fake_model.ts";

const textsOf = ({ list }: Rows) => list.map(({ text }) => text);

function rowsOf(first: number, end: number): Rows {
  const log = new StreamLog();
  const items = Array.from({ length: end - first }, (_, i) => `${first + i}`);
  log.apply({ first: 0, start: 0, items });
  return { first, list: log.rows.list };
}

Deno.test("StreamLog prints new lines and forgets those before the first", () => {
  const log = new StreamLog();
  log.apply({ first: 7, start: 7, items: ["a", "b", "c"] });
  log.apply({ first: 8, start: 10, items: ["d"] });
  assertEquals(textsOf(log.rows), ["b", "c", "d"]);
  assertEquals(log.rows.first, 1);
});

Deno.test("StreamLog numbers identical lines that push each other out", () => {
  const log = new StreamLog();
  log.apply({ first: 0, start: 0, items: ["same", "same"] });
  log.apply({ first: 1, start: 2, items: ["same"] });
  assertEquals([log.rows.first, textsOf(log.rows)], [1, ["same", "same"]]);
});

Deno.test("StreamLog reprints a last line that has grown", () => {
  const log = new StreamLog();
  log.apply({ first: 0, start: 0, items: ["one", "\x1b[31mtw"] });
  log.apply({ first: 0, start: 1, items: ["\x1b[31mtwo", "three"] });
  assertEquals(textsOf(log.rows), ["one", "two", "three"]);
  assertEquals(endOf(log.rows), 3);
});

Deno.test("StreamLog keeps the rows of lines that are still in the log", () => {
  const log = new StreamLog();
  log.apply({ first: 0, start: 0, items: ["a", "b", "c"] });
  const [, b] = log.rows.list;
  log.apply({ first: 1, start: 3, items: ["d"] });
  assertEquals([log.rows.first, textsOf(log.rows)], [1, ["b", "c", "d"]]);
  assertStrictEquals(log.rows.list[0], b);
});

Deno.test("StreamLog starts over after a gap, without reusing row numbers", () => {
  const log = new StreamLog();
  log.apply({ first: 0, start: 0, items: ["\x1b[31ma", "b"] });
  log.apply({ first: 5, start: 5, items: ["f"] });
  assertEquals([log.rows.first, textsOf(log.rows)], [2, ["f"]]);
  assertEquals(log.rows.list[0].runs, [], "a new terminal");
  log.apply({ first: 6, start: 6, items: [] });
  assertEquals([log.rows.first, textsOf(log.rows)], [3, []]);
  log.apply({ first: 6, start: 6, items: ["g"] });
  assertEquals([log.rows.first, textsOf(log.rows)], [3, ["g"]]);
});

Deno.test("LogStore shows further identical lines once the buffer is full of them", () => {
  const lines = ["same", "same", "same"];
  const fake = new FakeModel({ lines: lines as readonly string[], first: 0 });
  const store = new LogStore();
  followList(
    fake.model,
    "lines",
    "first",
    (change) => store.apply("stdout", change),
  );
  const before = store.rows.stdout;
  fake.receive({ first: 2 });
  const { stdout, merged } = store.rows;
  assertEquals(endOf(stdout) - endOf(before), 2);
  assertEquals([stdout.first, textsOf(stdout)], [2, lines]);
  assertEquals(endOf(merged), 5);
});

/** Prints to streams that keep `capacity` lines each. */
function setUpStreams(capacity: number) {
  const store = new LogStore();
  const ends = { stdout: 0, stderr: 0 };
  const print = (stream: Stream, ...items: string[]) => {
    const start = ends[stream];
    ends[stream] += items.length;
    const first = Math.max(0, ends[stream] - capacity);
    store.apply(stream, { first, start, items });
  };
  const merged = () =>
    store.rows.merged.list.map((row) => `${streamOf(row)} ${row.text}`);
  return { store, print, merged };
}

Deno.test("LogStore merges the lines of both streams in order of arrival", () => {
  const { print, merged } = setUpStreams(10);
  print("stdout", "a", "b");
  print("stderr", "oops");
  print("stdout", "c");
  assertEquals(merged(), ["stdout a", "stdout b", "stderr oops", "stdout c"]);
});

Deno.test("LogStore merges as many lines as both streams keep, and numbers them", () => {
  const { store, print, merged } = setUpStreams(2);
  print("stderr", "oops");
  print("stdout", "a", "b");
  assertEquals(store.rows.merged.first, 0);
  print("stdout", "c");
  assertEquals(merged(), ["stdout a", "stdout b", "stdout c"]);
  assertEquals(store.rows.merged.first, 1);
  print("stderr", "again");
  assertEquals(merged(), [
    "stdout a",
    "stdout b",
    "stdout c",
    "stderr again",
  ]);
});

Deno.test("LogStore updates a merged line that the terminal rewrites", () => {
  const { print, merged } = setUpStreams(10);
  print("stdout", "10 %");
  print("stderr", "meanwhile");
  print("stdout", "\x1b[A100 %");
  assertEquals(merged().slice(0, 2), ["stdout 100 %", "stderr meanwhile"]);
});

Deno.test("retain keeps rows that left the log, up to a limit", () => {
  const kept = retain(rowsOf(0, 10), rowsOf(5, 15), 100);
  assertEquals([kept.first, endOf(kept)], [0, 15]);
  const limited = retain(rowsOf(0, 10), rowsOf(5, 15), 12);
  assertEquals([limited.first, endOf(limited)], [3, 15]);
  const replaced = retain(rowsOf(0, 10), rowsOf(50, 60), 100);
  assertEquals(replaced.first, 50);
  assertEquals(rowsFrom(rowsOf(0, 10), 7).list.length, 3);
});

Deno.test("StreamLog prints older lines in front, without a change to the others", () => {
  const log = new StreamLog();
  log.apply({ first: 10, start: 10, items: ["k", "l"] });
  const [k] = log.rows.list;
  log.apply({ first: 8, start: 8, items: ["i", "\x1b[31mj"], older: true });
  assertEquals([log.rows.first, textsOf(log.rows)], [-2, ["i", "j", "k", "l"]]);
  assertStrictEquals(log.rows.list[2], k);
  log.apply({ first: 9, start: 11, items: ["l..", "m"] });
  assertEquals([log.rows.first, textsOf(log.rows)], [-1, [
    "j",
    "k",
    "l..",
    "m",
  ]]);
  assertEquals(log.rows.list.at(-1)!.runs, []);
});

Deno.test("LogStore merges older lines in front", () => {
  const store = new LogStore();
  store.apply("stdout", { first: 10, start: 10, items: ["o10"] });
  store.apply("stderr", { first: 5, start: 5, items: ["e5"] });
  store.apply("stderr", { first: 4, start: 4, items: ["e4"], older: true });
  store.apply("stdout", { first: 9, start: 9, items: ["o9"], older: true });
  const { merged } = store.rows;
  assertEquals(textsOf(merged), ["o9", "e4", "o10", "e5"]);
  assertEquals(merged.first, -2);
  assertEquals(merged.list.map(streamOf), [
    "stdout",
    "stderr",
    "stdout",
    "stderr",
  ]);
  store.apply("stderr", { first: 5, start: 6, items: ["e6"] });
  assertEquals(textsOf(store.rows.merged), ["e4", "o10", "e5", "e6"]);
});
