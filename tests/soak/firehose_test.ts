import { staysBounded } from "../browser/support/firehose.ts";

Deno.test("A page stays bounded under 1,000 lines a second for 2 minutes", async () => {
  await staysBounded(120);
});
