import { assertEquals } from "@std/assert";
import {
  groupByParent,
  withDescendants,
} from "../../../process/system/descendants.ts";

const CHILDREN = groupByParent([[2, 1], [3, 1], [4, 2], [5, 4], [7, 6]]);

Deno.test("withDescendants returns parents before their children", () => {
  assertEquals(withDescendants([2], CHILDREN), [2, 4, 5]);
  assertEquals(withDescendants([1], CHILDREN), [1, 2, 3, 4, 5]);
});

Deno.test("withDescendants returns each process once", () => {
  assertEquals(withDescendants([4, 2, 6, 9], CHILDREN), [4, 2, 6, 9, 5, 7]);
});

Deno.test("withDescendants ends if a pid is its own ancestor", () => {
  // Pids that were reused between two readings can form a cycle.
  const children = groupByParent([[1, 2], [2, 1]]);
  assertEquals(withDescendants([1], children), [1, 2]);
});
