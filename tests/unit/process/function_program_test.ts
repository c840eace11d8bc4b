import { assertEquals, assertThrows } from "@std/assert";
import {
  checkArguments,
  sourceOf,
} from "../../../process/lifecycle/function_program.ts";

Deno.test("sourceOf returns the source of arrow, async and named functions", () => {
  const fns = [() => 1, async (a: number) => await a, function f() {}];
  for (const fn of fns) assertEquals(sourceOf(fn), fn.toString());
});

Deno.test("sourceOf rejects what cannot run by itself and names the reason", () => {
  const cases: [unknown, string][] = [
    [42, "as 42 is not a function"],
    [class A {}, "as 'A' is a class: pass a function that uses it"],
    [parseInt, "as 'parseInt' is built in or bound"],
    [(() => 1).bind(null), "is built in or bound"],
    [function* g() {}, "as 'g' is a generator"],
    [async function* h() {}, "as 'h' is a generator"],
  ];
  for (const [fn, message] of cases) {
    assertThrows(() => sourceOf(fn), TypeError, message);
  }
});

Deno.test("checkArguments accepts only values that JSON preserves", () => {
  const args = [1, "a", null, true, [1, { b: [] }]];
  assertEquals(checkArguments(args), args);
  const others = [new Map(), undefined, NaN, new Date(0), 1n, () => 1, {
    a: undefined,
  }];
  for (const other of others) {
    assertThrows(
      () => checkArguments([1, other]),
      TypeError,
      "Cannot run a function as argument 2 is not JSON",
    );
  }
  assertThrows(() => checkArguments("ab"), TypeError, "'args' must be a list");
});
