import type { Figure } from "./harness/figure.ts";

const SECONDS = 20;

/** What a log that grows as fast as possible costs the page. */
export const firehose: Figure = {
  name: "firehose",
  needs: ["browser"],
  async measure() {
    // Not above, as programs of other figures would load it as well.
    const { BarePage } = await import("../tests/browser/support/bare_page.ts");
    const { measureFirehose } = await import(
      "../tests/browser/support/firehose.ts"
    );
    await using bare = await BarePage.open();
    const { update, floor } = await measureFirehose(bare, SECONDS);
    return [{
      figure: "page: 250 new lines, p95; floor: a screenful of plain text",
      unit: "ms",
      floor: floor.p95,
      ours: update.p95,
      limit: 6,
    }];
  },
};
