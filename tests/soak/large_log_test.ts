import { reloadsLargeLog } from "../browser/support/large_log.ts";

Deno.test("A page with a log of 160 MB is live soon after a reload", async () => {
  await reloadsLargeLog(10_000);
});
