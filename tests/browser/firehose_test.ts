/** What a firehose of a log costs the page. */
import { assert } from "@std/assert";
import { BarePage } from "./bare_page.ts";
import { measureFirehose } from "./firehose.ts";

Deno.test("10,000 lines a pane and 1,000 new ones a second stay smooth", async () => {
  await using bare = await BarePage.open();
  const { update, scroll, memory } = await measureFirehose(bare, 20);
  console.log({ update, scroll, memory });
  assert(update.p95 < 8, `an update takes ${update.p95} ms`);
  // A frame of 60 a second takes 16.7 ms.
  assert(scroll.median < 17, `a frame takes ${scroll.median} ms`);
  const [first, last] = [memory[2], memory.at(-1)!];
  assert(last < first * 1.2, `memory went from ${first} to ${last} MiB`);
});
