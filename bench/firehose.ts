/**
 * What a firehose of a log costs the page in five minutes:
 * `deno run -A bench/firehose.ts [seconds]`.
 */
import { BarePage } from "../tests/browser/bare_page.ts";
import { measureFirehose } from "../tests/browser/firehose.ts";

await using bare = await BarePage.open();
console.log(await measureFirehose(bare, Number(Deno.args[0] ?? 300)));
