import { assertEquals } from "@std/assert";
import { applyPatch, patchBetween } from "../../../frontend/list_patch.ts";

function droppedItems(before: string[], after: string[]): number {
  const patch = patchBetween(before, after);
  assertEquals(applyPatch(before, patch), after);
  return patch.drop;
}

/** Windows as strings, a line a character. */
function dropped(before: string, after: string): number {
  return droppedItems([...before], [...after]);
}

Deno.test("patchBetween finds nothing dropped while the window fills", () => {
  assertEquals(dropped("", ""), 0);
  assertEquals(dropped("", "abc"), 0);
  assertEquals(dropped("abc", "abc"), 0);
  assertEquals(dropped("abc", "abcde"), 0);
});

Deno.test("patchBetween counts the lines a full window lost", () => {
  assertEquals(dropped("abcd", "bcde"), 1);
  assertEquals(dropped("abcd", "defg"), 3);
});

Deno.test("patchBetween drops all when nothing is left", () => {
  assertEquals(dropped("abcd", "efgh"), 4);
  assertEquals(dropped("abcd", ""), 4);
});

Deno.test("patchBetween takes the fewest when lines repeat", () => {
  assertEquals(dropped("aaaa", "aaaa"), 0);
  assertEquals(dropped("aaab", "aaba"), 1);
  assertEquals(dropped("abab", "abab"), 0);
  assertEquals(dropped("xaba", "abab"), 1);
});

Deno.test("patchBetween follows an unfinished last line that grows", () => {
  assertEquals(droppedItems(["a", "b", "do"], ["a", "b", "done"]), 0);
  assertEquals(droppedItems(["a", "b", "do"], ["b", "done", "e"]), 1);
  assertEquals(droppedItems(["a", "b", "do"], ["done", "e", "f"]), 2);
  assertEquals(droppedItems(["10%\r"], ["10%\r20%\r"]), 0);
});

Deno.test("patchBetween falls back to a shorter overlap that fits", () => {
  // "aba" overlaps by three lines, but then "x" would have become "b".
  assertEquals(dropped("abax", "abab"), 4);
  // By three lines "x" would have become "b"; by one it becomes "x".
  assertEquals(dropped("cabax", "axyz"), 3);
});

Deno.test("patchBetween agrees with trying every shift", () => {
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
        droppedItems(before, after),
        tryAll(before, after),
        message,
      );
    }
  }
});

Deno.test("patchBetween takes long, repetitive windows in its stride", () => {
  const before = Array.from({ length: 10_000 }, () => "same");
  const after = [...before.slice(1), "other"];
  assertEquals(droppedItems(before, after), 1);
});

Deno.test("patchBetween sends what is new, and what has grown", () => {
  assertEquals(patchBetween(["a", "b"], ["b", "c"]), {
    drop: 1,
    keep: 1,
    items: ["c"],
  });
  assertEquals(patchBetween(["a", "b"], ["a", "bc", "d"]), {
    drop: 0,
    keep: 1,
    items: ["bc", "d"],
  });
});

Deno.test("patchBetween knows items that are objects by their identity", () => {
  const [a, b, c] = [[1], [2], [3]];
  assertEquals(patchBetween([a, b], [b, c]), { drop: 1, keep: 1, items: [c] });
  assertEquals(patchBetween([a, b], [[2], c]).keep, 0);
});
