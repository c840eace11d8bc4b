import { assertEquals } from "@std/assert";
import { findBreaks, type TestRun } from "../../.tasks/test_latest.ts";

const failed = (run: Partial<TestRun>) =>
  findBreaks("kernel", { success: false, stdout: "", stderr: "", ...run });

Deno.test("findBreaks names each failed test with the first line of its error", () => {
  const stdout = `
./tests/kernel/a_test.ts => a widget ... sends text ... FAILED (1ms)
./tests/kernel/a_test.ts => a widget ... FAILED (due to 1 failed step) (2ms)

 ERRORS 

a widget ... sends text => ./tests/kernel/a_test.ts:2:6
error: AssertionError: Values are not equal.
    at file:///tests/kernel/a_test.ts:2:40

./tests/kernel/b_test.ts (uncaught error)
error: Error: late

 FAILURES 

a widget ... sends text => ./tests/kernel/a_test.ts:2:6
./tests/kernel/b_test.ts (uncaught error)

FAILED | 1 passed | 2 failed (1 step) (732ms)
`;
  assertEquals(failed({ stdout }), [
    "tests/kernel/a_test.ts: a widget ... sends text: AssertionError: Values are not equal.",
    "tests/kernel/b_test.ts: Error: late",
  ]);
});

Deno.test("findBreaks gives the reason if no test could run", () => {
  const stderr = "Check tests/kernel/a_test.ts\n" +
    "TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.\n" +
    "error: Type checking failed.\n";
  assertEquals(failed({ stderr }), [
    "kernel: TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.",
  ]);
  assertEquals(failed({ stderr: "error: Module not found\n" }), [
    "kernel: error: Module not found",
  ]);
  assertEquals(failed({ stderr: "error: Test failed\n" }), [
    "kernel: the tests have not run to their end",
  ]);
});

Deno.test("findBreaks returns nothing for a run that has succeeded", () => {
  assertEquals(failed({ success: true, stderr: "error: expected\n" }), []);
});
