import { delay } from "@std/async";
import { $display } from "../jupyter/display.ts";
import { ProcessManager } from "../manager.ts";
import { sendFromPage } from "../tests/unit/jupyter/page_message.ts";
import { ProcessWidget } from "../widget.ts";
import type { Figure } from "./harness/figure.ts";
import { isProfiling } from "./harness/profiling.ts";
import { Processes } from "./harness/fleet.ts";
import { compareCpu } from "./harness/rounds.ts";
import { installStandInKernel } from "./harness/stand_in_kernel.ts";
import { advance, installSteppedClock } from "./harness/stepped_clock.ts";

const COUNT = 500;

/** As many rows as a table of 480 pixels shows. */
const VISIBLE = 15;

/** Longer than the time within which a file's change may not show in its times. */
const SETTLE_MS = 2500;

/** A dashboard of 500 processes in which nothing changes. */
export const dashboard: Figure = {
  name: "dashboard",
  async measure() {
    installStandInKernel();
    installSteppedClock();
    await using processes = await Processes.start(COUNT);
    const manager = new ProcessManager({ dir: processes.folder });
    using widget = new ProcessWidget(processes.all[0].dir, {
      interval: 3_600_000,
    });
    await widget[$display]();
    const start = performance.now();
    using table = manager.dashboard({ interval: 3_600_000 });
    await table[$display]();
    const opened = performance.now() - start;
    see(table.get("ids").slice(0, VISIBLE));
    for (let tick = 0; tick < 3; tick++) {
      await delay(SETTLE_MS);
      await table.refresh();
    }
    const aSecondLater = (poll: () => Promise<unknown>) => () => {
      advance(1000);
      return poll();
    };
    const { floor, tick } = await compareCpu({
      floor: aSecondLater(() => widget.refresh()),
      tick: aSecondLater(() => table.refresh()),
    }, { rounds: 40, calls: isProfiling ? 1000 : 25 });
    return [
      {
        figure: "idle tick of 500 processes (CPU); floor: that of one widget",
        unit: "µs",
        floor,
        ours: tick,
        limit: 5,
      },
      {
        figure: "first display of 500 processes; the floor is the goal",
        unit: "ms",
        floor: 1000,
        ours: opened,
        limit: 1,
      },
    ];

    /** Says which rows a page displays, as its view does. */
    function see(ids: readonly string[]): void {
      const content = { control: "visible", view: "bench", ids };
      sendFromPage(table, { method: "custom", content });
    }
  },
};
