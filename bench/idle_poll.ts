import { $display } from "../jupyter/display.ts";
import { ProcessReader } from "../process/reader.ts";
import { resolveSource } from "../process/source.ts";
import { TempDir } from "../tests/files/support.ts";
import { ProcessWidget } from "../widget.ts";
import { barePoll, blockingPoll } from "./harness/bare_poll.ts";
import type { Figure } from "./harness/figure.ts";
import { writeProcessDirs } from "./harness/process_dirs.ts";
import { compareCpu } from "./harness/rounds.ts";
import { installStandInKernel } from "./harness/stand_in_kernel.ts";
import { advance, installSteppedClock } from "./harness/stepped_clock.ts";

/** A poll that finds no change, and what the widget adds to it. */
export const idlePoll: Figure = {
  name: "idle-poll",
  async measure() {
    installStandInKernel();
    installSteppedClock();
    using parent = new TempDir();
    // This program, so that the usage changes as well.
    const [{ dir, pid }] = await writeProcessDirs(parent, [Deno.pid]);
    using reader = new ProcessReader(resolveSource(dir));
    using widget = new ProcessWidget(dir, { interval: 3_600_000 });
    await widget[$display]();
    const aSecondLater = (poll: () => Promise<unknown>) => () => {
      advance(1000);
      return poll();
    };
    const { floor, blocking, poll, shown } = await compareCpu({
      floor: aSecondLater(barePoll(dir, pid)),
      blocking: aSecondLater(blockingPoll(dir, pid)),
      poll: aSecondLater(() => reader.read()),
      shown: aSecondLater(() => widget.refresh()),
    }, { calls: 300 });
    const unit = "µs";
    return [
      {
        figure: "idle poll (CPU)",
        unit,
        floor,
        ours: poll,
        limit: 2,
      },
      {
        figure: "idle poll, floor all synchronous",
        unit,
        floor: blocking,
        ours: poll,
        limit: null,
      },
      {
        figure: "what the widget adds",
        unit,
        floor,
        ours: shown - poll,
        // 30 µs where the floor is 71 µs.
        limit: 0.42,
      },
    ];
  },
};
