import { assertEquals, assertRejects } from "@std/assert";
import { settleAll } from "../../manager.ts";

Deno.test("settleAll returns all values in order", async () => {
  assertEquals(await settleAll([Promise.resolve(1), Promise.resolve(2)]), [
    1,
    2,
  ]);
  assertEquals(await settleAll([]), []);
});

Deno.test("settleAll waits for all promises and throws their errors together", async () => {
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  let waited = false;
  const all = settleAll([
    Promise.reject(new Error("first")),
    slow.then(() => {
      waited = true;
    }),
    Promise.reject("second"),
  ]);
  queueMicrotask(resolve);
  const error = await assertRejects(() => all, AggregateError);
  assertEquals(waited, true);
  assertEquals(error.message, "first\nsecond");
  assertEquals(error.errors.length, 2);
});
