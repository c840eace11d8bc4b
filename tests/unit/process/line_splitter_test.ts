import { assertEquals } from "@std/assert";
import { LineSplitter } from "../../../process/files/text_line_stream.ts";

function split(chunks: string[], maxLength?: number): string[] {
  const splitter = new LineSplitter(maxLength);
  const lines = chunks.flatMap((chunk) => splitter.split(chunk));
  return [...lines, splitter.end()];
}

Deno.test("LineSplitter joins the chunks of a line", () => {
  assertEquals(split(["a", "b\nc", "\r", "\n\nd", ""]), ["ab", "c", "", "d"]);
  assertEquals(split(["10%\r20%\u2028\n"]), ["10%\r20%\u2028", ""]);
});

Deno.test("LineSplitter cuts a line that is too long", () => {
  assertEquals(split(["abcdef\nab", "cd", "ef\nabcd\r\n"], 4), [
    "abcd … [cut]",
    "abcd … [cut]",
    "abcd",
    "",
  ]);
});

Deno.test("LineSplitter keeps the latest state of a progress bar that is too long", () => {
  assertEquals(split(["10%\r20", "%\r30%\n"], 5), ["30%", ""]);
  assertEquals(split(["abcdefgh", "\r30%\n"], 5), ["30%", ""]);
});

Deno.test("LineSplitter looks at each chunk of an endless line once", () => {
  // Splitting the whole line again with each chunk would take hours.
  const splitter = new LineSplitter(2 ** 20);
  for (let n = 0; n < 20_000; n++) splitter.split(`${n}%\r`.repeat(1000));
  assertEquals(splitter.split("\n").length, 1);
});
