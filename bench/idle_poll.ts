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
    const read = reader.read.bind(reader);
    const snapshot = await read();
    // The widget gets its snapshots at once: the cost of reading them varies more
    // than that of the widget, so it cannot be subtracted.
    let tick = 0;
    ProcessReader.prototype.read = () => {
      const usage = { cpuPercent: ++tick % 100, memoryBytes: 1e6 * tick };
      return Promise.resolve({ ...snapshot, usage });
    };
    // Many calls in a row, as all processes are read again after a gap, in which the
    // others let time pass.
    const { floor, blocking, poll, added } = await compareCpu({
      floor: aSecondLater(barePoll(dir, pid)),
      blocking: aSecondLater(blockingPoll(dir, pid)),
      poll: aSecondLater(read),
      added: aSecondLater(() => widget.refresh()),
    }, { rounds: 40, calls: 100 });
    const unit = "µs";
    return [
      {
        figure: "idle poll (CPU); floor: the stats and reads, bare",
        unit,
        floor,
        ours: poll,
        // The goal is 2. Runs of the same program range from 1.6 to 2.0.
        limit: 2.3,
      },
      {
        figure: "idle poll (CPU); floor: the same, synchronous",
        unit,
        floor: blocking,
        ours: poll,
        limit: null,
      },
      {
        figure: "added by the widget (CPU); floor: as above",
        unit,
        floor: blocking,
        ours: added,
        // 30 µs where this floor is 10 µs, with room for noise. The goal is 0.42 of
        // the asynchronous floor, which varies twofold from run to run, depending
        // on how threads wake each other, and the widget uses only one.
        limit: 3.5,
      },
    ];
  },
};
