/** A longer firehose is in `tests/soak/`; its speed is measured in `bench/`. */
import { staysBounded } from "./support/firehose.ts";

Deno.test("A page stays bounded under 1,000 lines a second", async () => {
  await staysBounded(4);
});
