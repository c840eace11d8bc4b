import { assertEquals } from "@std/assert";
import { RateLimit } from "../../../../jupyter/page/rate_limit.ts";

/** Plans calls as soon as the previous one was made; returns their times. */
function planned(limit: RateLimit, now: number, calls: number): number[] {
  return Array.from({ length: calls }, () => now += limit.plan(now));
}

Deno.test("RateLimit makes calls rare that are needed all the time", () => {
  const times = planned(new RateLimit(), 0, 10);
  const seconds = [0, 1, 3, 7, 15, 31, 63, 123, 183, 243];
  assertEquals(times, seconds.map((time) => time * 1000));
});

Deno.test("RateLimit makes a call at once after a quiet time", () => {
  const limit = new RateLimit();
  planned(limit, 0, 8);
  assertEquals(limit.plan(1_000_000), 0);
  assertEquals(limit.plan(1_000_100), 900);
});
