import { assertEquals } from "@std/assert";
import {
  LineBuffer,
  MAX_LINE_SIZE,
} from "../../../process/logs/line_buffer.ts";

function linesOf(capacity: number, ...pieces: (string | number[])[]) {
  const buffer = new LineBuffer(capacity);
  for (const piece of pieces) {
    buffer.append(
      typeof piece === "string"
        ? new TextEncoder().encode(piece)
        : Uint8Array.from(piece),
    );
  }
  return buffer.lines().lines;
}

Deno.test("LineBuffer keeps the last lines", () => {
  assertEquals(linesOf(2, "a\nb\nc\n"), ["b", "c"]);
  assertEquals(linesOf(2, "a\n", "b\n", "c\n"), ["b", "c"]);
  assertEquals(linesOf(3, "a\nb\nc\n"), ["a", "b", "c"]);
});

Deno.test("LineBuffer shows the unfinished line and completes it in its place", () => {
  assertEquals(linesOf(2, "a\nb"), ["a", "b"]);
  assertEquals(linesOf(2, "a\nb", "b"), ["a", "bb"]);
  assertEquals(linesOf(2, "a\nb", "b\n"), ["a", "bb"]);
  assertEquals(linesOf(2, "a\nb", "b\nc"), ["bb", "c"]);
});

Deno.test("LineBuffer keeps empty lines", () => {
  assertEquals(linesOf(5, "\n\na\n\n"), ["", "", "a", ""]);
});

Deno.test("LineBuffer has no lines without bytes or without capacity", () => {
  assertEquals(linesOf(5), []);
  assertEquals(linesOf(5, ""), []);
  assertEquals(linesOf(0, "a\nb\n", "c"), []);
});

Deno.test("LineBuffer takes CRLF for a line end, also when it is split", () => {
  assertEquals(linesOf(5, "a\r\nb\r\n"), ["a", "b"]);
  assertEquals(linesOf(5, "a\r"), ["a"]);
  assertEquals(linesOf(5, "a\r", "\nb"), ["a", "b"]);
});

Deno.test("LineBuffer leaves a carriage return within a line", () => {
  assertEquals(linesOf(5, "10%\r20%\r\n"), ["10%\r20%"]);
});

Deno.test("LineBuffer holds an unfinished character back until it is whole", () => {
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82]), ["a"]);
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82], [0xac]), ["a€"]);
  assertEquals(linesOf(5, [0xe2], [0x82], [0xac, 0x0a]), ["€"]);
});

Deno.test("LineBuffer shows no line for the first byte of a character alone", () => {
  assertEquals(linesOf(5, [0x61, 0x0a, 0xe2]), ["a"]);
});

Deno.test("LineBuffer turns bytes that are not UTF-8 into U+FFFD", () => {
  assertEquals(linesOf(5, [0x61, 0xff, 0x62, 0x0a]), ["a\ufffdb"]);
  assertEquals(linesOf(5, [0x61, 0xe2, 0x82, 0x0a]), ["a\ufffd"]);
});

Deno.test("LineBuffer lets no broken line spoil the next", () => {
  assertEquals(linesOf(5, [0xe2, 0x82]), []);
  assertEquals(linesOf(5, [0xe2, 0x82, 0x0a], "b\n"), ["\ufffd", "b"]);
});

Deno.test("LineBuffer keeps NUL bytes", () => {
  assertEquals(linesOf(5, [0x61, 0, 0x62, 0x0a]), ["a\0b"]);
});

Deno.test("LineBuffer cuts a line longer than 16 KiB and marks it", () => {
  const whole = "x".repeat(MAX_LINE_SIZE);
  const cut = `${whole} … [cut]`;
  assertEquals(linesOf(5, `${whole}\n`), [whole]);
  assertEquals(linesOf(5, `${whole}\r\n`), [whole]);
  assertEquals(linesOf(5, `${whole}y\n`), [cut]);
  assertEquals(linesOf(5, `${whole}\ry\n`), [cut]);
  assertEquals(linesOf(5, `${whole}y\nz`), [cut, "z"]);
});

Deno.test("LineBuffer cuts a long line that comes in pieces", () => {
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
  // As it grows, no line is ever longer than what is kept of any other.
  const [line] = linesOf(5, ...bars);
  assertEquals(line.endsWith(bars[499]), true);
  assertEquals(line.length <= MAX_LINE_SIZE, true);
});

Deno.test("LineBuffer cuts no character in two", () => {
  const line = "x".repeat(MAX_LINE_SIZE - 1) + "€\n";
  assertEquals(linesOf(5, line), [`${line.slice(0, -2)} … [cut]`]);
});

Deno.test("LineBuffer marks a line whose start was left out", () => {
  const buffer = new LineBuffer(5);
  buffer.append(new TextEncoder().encode("old\n"));
  buffer.clear(true);
  // The first two bytes are the rest of a "€".
  buffer.append(Uint8Array.from([0x82, 0xac, 0x61, 0x0a, 0x62]));
  assertEquals(buffer.lines().lines, ["[cut] … a", "b"]);
});
