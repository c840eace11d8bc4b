import { BarePage } from "../tests/browser/support/bare_page.ts";
import { measureFirehose } from "../tests/browser/support/firehose.ts";
import type { Figure } from "./harness/figure.ts";

const SECONDS = 20;

/** What a log that grows as fast as possible costs the page. */
export const firehose: Figure = {
  name: "firehose",
  needs: ["browser"],
  async measure() {
    await using bare = await BarePage.open();
    const { update, floor } = await measureFirehose(bare, SECONDS);
    return [{
      figure: "page: 250 new lines, p95; floor: a screenful of plain text",
      unit: "ms",
      floor: floor.p95,
      ours: update.p95,
      limit: 5,
    }];
  },
};
