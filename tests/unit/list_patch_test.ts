import { assertEquals } from "@std/assert";
import { droppedLines } from "../../frontend/logs/dropped_lines.ts";

/** Windows as strings, a line a character. */
function dropped(before: string, after: string): number {
  return droppedLines([...before], [...after]);
}

Deno.test("droppedLines finds nothing dropped while the window fills", () => {
  assertEquals(dropped("", ""), 0);
  assertEquals(dropped("", "abc"), 0);
  assertEquals(dropped("abc", "abc"), 0);
  assertEquals(dropped("abc", "abcde"), 0);
});

Deno.test("droppedLines counts the lines a full window lost", () => {
  assertEquals(dropped("abcd", "bcde"), 1);
  assertEquals(dropped("abcd", "defg"), 3);
});

Deno.test("droppedLines drops all when nothing is left", () => {
  assertEquals(dropped("abcd", "efgh"), 4);
  assertEquals(dropped("abcd", ""), 4);
});

Deno.test("droppedLines takes the fewest when lines repeat", () => {
  assertEquals(dropped("aaaa", "aaaa"), 0);
  assertEquals(dropped("aaab", "aaba"), 1);
  assertEquals(dropped("abab", "abab"), 0);
  assertEquals(dropped("xaba", "abab"), 1);
});

Deno.test("droppedLines follows an unfinished last line that grows", () => {
  assertEquals(droppedLines(["a", "b", "do"], ["a", "b", "done"]), 0);
  assertEquals(droppedLines(["a", "b", "do"], ["b", "done", "e"]), 1);
  assertEquals(droppedLines(["a", "b", "do"], ["done", "e", "f"]), 2);
  assertEquals(droppedLines(["10%\r"], ["10%\r20%\r"]), 0);
});

Deno.test("droppedLines falls back to a shorter overlap that fits", () => {
  // "aba" overlaps by three lines, but then "x" would have become "b".
  assertEquals(dropped("abax", "abab"), 4);
  // By three lines "x" would have become "b"; by one it becomes "x".
  assertEquals(dropped("cabax", "axyz"), 3);
});

Deno.test("droppedLines agrees with trying every shift", () => {
  const tryAll = (before: string[], after: string[]) => {
    const fits = (shift: number) =>
      before.slice(shift).every((line, i, { length }) =>
        i === length - 1 ? after[i]?.startsWith(line) : after[i] === line
      );
    for (let shift = 0; shift < before.length; shift++) {
      if (fits(shift)) return shift;
    }
    return before.length;
  };
  const words = ["a", "ab", "b"];
  const windows = [[], ...words.map((word) => [word])] as string[][];
  for (let length = 2; length <= 4; length++) {
    for (const window of windows.filter((it) => it.length === length - 1)) {
      windows.push(...words.map((word) => [...window, word]));
    }
  }
  for (const before of windows) {
    for (const after of windows) {
      const message = `${before} -> ${after}`;
      assertEquals(
        droppedLines(before, after),
        tryAll(before, after),
        message,
      );
    }
  }
});

Deno.test("droppedLines takes long, repetitive windows in its stride", () => {
  const before = Array.from({ length: 10_000 }, () => "same");
  const after = [...before.slice(1), "other"];
  assertEquals(droppedLines(before, after), 1);
});
