/**
 * Measures what a log that grows as fast as possible costs the page:
 * `deno run -A bench/firehose.ts [seconds]`, by default for 300 seconds.
 */
import { BarePage } from "../tests/browser/support/bare_page.ts";
import { measureFirehose } from "../tests/browser/support/firehose.ts";

await using bare = await BarePage.open();
const cost = await measureFirehose(bare, Number(Deno.args[0] ?? 300));
console.log(cost);
const ratio = cost.update.p95 / cost.floor.p95;
console.log(`An update takes ${ratio.toFixed(1)} times the floor.`);
