import { assert, assertEquals } from "@std/assert";
import { BarePage } from "../browser/support/bare_page.ts";
import {
  liveDashboard,
  measureDashboard,
} from "../browser/support/dashboard_speed.ts";

/** The time of a frame at 60 frames per second, in milliseconds. */
const FRAME_MS = 16.7;

Deno.test("A dashboard with 500 live rows scrolls and sorts at 60 frames per second", async () => {
  await using bare = await BarePage.openDashboard(liveDashboard(500));
  const drawn = await bare.page.locator(".pd-row").count();
  assert(drawn > 10 && drawn < 60, `${drawn} rows are drawn`);
  const cost = await measureDashboard(bare, 10);
  assert(cost.scroll.p95 <= FRAME_MS, `scroll: ${cost.scroll.p95} ms`);
  assert(cost.sort.p95 <= FRAME_MS, `sort: ${cost.sort.p95} ms`);
  assert(cost.tick.p95 <= FRAME_MS, `tick: ${cost.tick.p95} ms`);
  assertEquals(bare.errors, []);
});
