import { assertEquals } from "@std/assert";
import { linePath } from "../../../../frontend/dashboard/table/sparkline.tsx";
import type { UsageSample } from "../../../../widget/usage_history.ts";

/** 60 by 18 pixels stand for 120 seconds and 100 %, less a pixel at both edges. */
function path(now: number, ...samples: UsageSample[]): string {
  return linePath(samples, 1, now, () => 100);
}

Deno.test("A sample holds until the next one, and the last one until now", () => {
  assertEquals(
    path(120, [0, 0, 0], [60, 100, 0], [100, 50, 0]),
    "M0 17H30V1H50V9H60",
  );
});

Deno.test("A sample from before the left edge holds up to it", () => {
  assertEquals(
    path(220, [0, 0, 0], [60, 100, 0], [160, 50, 0]),
    "M0 1H30V9H60",
  );
});

Deno.test("A sample without a value draws nothing", () => {
  assertEquals(path(120, [0, null, 5], [60, 100, 5]), "M30 1H60");
  assertEquals(path(120, [0, null, 5]), "");
  assertEquals(path(120), "");
});

Deno.test("A larger value than that at the top is drawn at the top", () => {
  assertEquals(path(120, [0, 500, 0]), "M0 1H60");
});
