/** What a firehose of a log does to the page; how fast is in `bench/`. */
import { assert, assertEquals } from "@std/assert";
import { BarePage } from "./bare_page.ts";
import { measureFirehose } from "./firehose.ts";

Deno.test("10,000 lines a pane and 1,000 new ones a second stay bounded", async () => {
  await using bare = await BarePage.open();
  const { memory } = await measureFirehose(bare, 10);
  const [first, last] = [memory[2], memory.at(-1)!];
  assert(last < first * 1.2, `memory went from ${first} to ${last} MiB`);
  for (const stream of ["stdout", "stderr"] as const) {
    const drawn = await bare.widget.lines(stream).count();
    assert(drawn > 0 && drawn < 100, `${drawn} lines are drawn`);
  }
  assertEquals(bare.errors, []);
});
