import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  LineBuffer,
  MAX_LINE_SIZE,
} from "../../../process/logs/line_buffer.ts";

function bufferOf(capacity: number, ...pieces: (string | number[])[]) {
  const buffer = new LineBuffer(capacity);
  for (const piece of pieces) {
    buffer.append(
      typeof piece === "string"
        ? new TextEncoder().encode(piece)
        : Uint8Array.from(piece),
    );
  }
  return buffer;
}

function linesOf(capacity: number, ...pieces: (string | number[])[]) {
  return bufferOf(capacity, ...pieces).lines().lines;
}

Deno.test("LineBuffer keeps the last lines", () => {
  assertEquals(linesOf(2, "a\nb\nc\n"), ["b", "c"]);
  assertEquals(linesOf(2, "a\n", "b\n", "c\n"), ["b", "c"]);
  assertEquals(linesOf(3, "a\nb\nc\n"), ["a", "b", "c"]);
});

Deno.test("LineBuffer includes an incomplete line and completes it in place", () => {
  assertEquals(linesOf(2, "a\nb"), ["a", "b"]);
  assertEquals(linesOf(2, "a\nb", "b"), ["a", "bb"]);
  assertEquals(linesOf(2, "a\nb", "b\n"), ["a", "bb"]);
  assertEquals(linesOf(2, "a\nb", "b\nc"), ["bb", "c"]);
});

Deno.test("LineBuffer keeps empty lines", () => {
  assertEquals(linesOf(5, "\n\na\n\n"), ["", "", "a", ""]);
});

Deno.test("LineBuffer has no lines without bytes or capacity", () => {
  assertEquals(linesOf(5), []);
  assertEquals(linesOf(5, ""), []);
  assertEquals(linesOf(0, "a\nb\n", "c"), []);
});

Deno.test("LineBuffer treats CRLF as a line end, even if it is split", () => {
  assertEquals(linesOf(5, "a\r\nb\r\n"), ["a", "b"]);
  assertEquals(linesOf(5, "a\r"), ["a"]);
  assertEquals(linesOf(5, "a\r", "\nb"), ["a", "b"]);
});

Deno.test("LineBuffer keeps a carriage return within a line", () => {
  assertEquals(linesOf(5, "10%\r20%\r\n"), ["10%\r20%"]);
});

Deno.test("LineBuffer holds back an incomplete character until it is complete", () => {
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82]), ["a"]);
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82], [0xac]), ["a€"]);
  assertEquals(linesOf(5, [0xe2], [0x82], [0xac, 0x0a]), ["€"]);
});

Deno.test("LineBuffer includes no line that consists of an incomplete character", () => {
  assertEquals(linesOf(5, [0x61, 0x0a, 0xe2]), ["a"]);
});

Deno.test("LineBuffer decodes invalid UTF-8 as U+FFFD", () => {
  assertEquals(linesOf(5, [0x61, 0xff, 0x62, 0x0a]), ["a\ufffdb"]);
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82, 0x0a]), ["a\ufffd"]);
});

Deno.test("LineBuffer decodes a line correctly after one with invalid UTF-8", () => {
  assertEquals(linesOf(5, [0xe2, 0x82]), []);
  assertEquals(linesOf(5, [0xe2, 0x82, 0x0a], "b\n"), ["\ufffd", "b"]);
});

Deno.test("LineBuffer keeps NUL bytes", () => {
  assertEquals(linesOf(5, [0x61, 0, 0x62, 0x0a]), ["a\0b"]);
});

Deno.test("LineBuffer cuts and marks a line longer than 16 KiB", () => {
  const whole = "x".repeat(MAX_LINE_SIZE);
  const cut = `${whole} … [cut]`;
  assertEquals(linesOf(5, `${whole}\n`), [whole]);
  assertEquals(linesOf(5, `${whole}\r\n`), [whole]);
  assertEquals(linesOf(5, `${whole}y\n`), [cut]);
  assertEquals(linesOf(5, `${whole}\ry\n`), [cut]);
  assertEquals(linesOf(5, `${whole}y\nz`), [cut, "z"]);
});

Deno.test("LineBuffer cuts a long line that is appended in pieces", () => {
  const whole = "x".repeat(MAX_LINE_SIZE);
  assertEquals(linesOf(5, whole, "\r"), [whole]);
  assertEquals(linesOf(5, whole, "\r", "\nz"), [whole, "z"]);
  assertEquals(linesOf(5, whole, "y"), [`${whole} … [cut]`]);
  assertEquals(linesOf(5, whole, "y", whole, "\nz"), [
    `${whole} … [cut]`,
    "z",
  ]);
});

Deno.test("LineBuffer keeps the latest state of a long progress bar", () => {
  const bar = (percent: number) => `\r${percent}%`.padEnd(100, "#");
  const bars = Array.from({ length: 500 }, (_, at) => bar(at));
  const latest = bars.slice(-41).join("").slice(1);
  assertEquals(linesOf(5, bars.join("") + "\nend\n"), [latest, "end"]);
  // Appended in pieces, the line still never exceeds the maximum size.
  const [line] = linesOf(5, ...bars);
  assertEquals(line.endsWith(bars[499]), true);
  assertEquals(line.length <= MAX_LINE_SIZE, true);
});

Deno.test("LineBuffer does not cut a character in two", () => {
  const line = "x".repeat(MAX_LINE_SIZE - 1) + "€\n";
  assertEquals(linesOf(5, line), [`${line.slice(0, -2)} … [cut]`]);
});

Deno.test("LineBuffer marks a line that starts in the middle", () => {
  const buffer = new LineBuffer(5);
  buffer.append(new TextEncoder().encode("old\n"));
  buffer.clear(true);
  // The first two bytes are the end of a "€".
  buffer.append(Uint8Array.from([0x82, 0xac, 0x61, 0x0a, 0x62]));
  assertEquals(buffer.lines().lines, ["[cut] … a", "b"]);
});

Deno.test("LineBuffer numbers lines on when all previous lines are pushed out", () => {
  const buffer = bufferOf(2, "a\nb", "\nc\nd\ne\n");
  assertEquals(buffer.lines(), { first: 2, lines: ["d", "e"] });
  assertEquals(bufferOf(2, "a\nb\nc\n").lines().first, 0);
});

Deno.test("LineBuffer completes the last line of a file when the next one starts", () => {
  const buffer = bufferOf(3, "a\nb");
  buffer.startNextFile();
  assertEquals(buffer.lines(), { first: 0, lines: ["a", "b"] });
  buffer.append(new TextEncoder().encode("c\nd\n"));
  assertEquals(buffer.lines(), { first: 1, lines: ["b", "c", "d"] });
});

Deno.test("LineBuffer renumbers the lines of earlier files when it restarts a file", () => {
  const buffer = bufferOf(5, "a\n");
  buffer.startNextFile();
  buffer.append(new TextEncoder().encode("c\n"));
  buffer.restartFile();
  buffer.append(new TextEncoder().encode("b\nc\n"));
  assertEquals(buffer.lines(), { first: 2, lines: ["a", "b", "c"] });
});

Deno.test("LineBuffer continues numbering after it was cleared", () => {
  const buffer = bufferOf(5, "a\nb");
  buffer.clear();
  assertEquals(buffer.lines(), { first: 2, lines: [] });
  buffer.clear();
  buffer.append(new TextEncoder().encode("c"));
  assertEquals(buffer.lines(), { first: 2, lines: ["c"] });
});

Deno.test("LineBuffer returns the very same object until a line changes", () => {
  const buffer = bufferOf(2, "a\nb");
  const lines = buffer.lines();
  buffer.append(new TextEncoder().encode("\n"));
  assertStrictEquals(buffer.lines(), lines);
  buffer.append(new TextEncoder().encode("b"));
  assertEquals(buffer.lines(), { first: 1, lines: ["b", "b"] });
});
