import { delay } from "@std/async";
import { $display } from "../jupyter/display.ts";
import { TempDir } from "../tests/files/support.ts";
import { measureLogMemory } from "../tests/log_memory.ts";
import { ProcessWidget } from "../widget.ts";
import type { Figure, Row } from "./harness/figure.ts";
import { peakBytes, resetPeak, residentBytes } from "./harness/memory.ts";
import { writeProcessDirs } from "./harness/process_dirs.ts";
import { Sleepers } from "./harness/sleepers.ts";
import { installStandInKernel } from "./harness/stand_in_kernel.ts";
import { advance, installSteppedClock } from "./harness/stepped_clock.ts";

const LINES = 10_000;

/** A line of the maximum length, 16 KiB. */
const LINE = "x".repeat(16 * 1024 - 1) + "\n";

/** Number of lines between two polls while a log fills up: 5 MB. */
const STEP = 320;

const WRITER_SECONDS = 5;
const WRITER_RATE = 200e6;

/** The peak memory of a stream of many long lines. */
export const longLines: Figure = {
  name: "long-lines",
  measure: () =>
    measure(
      `resident memory for ${LINES} lines of 16 KB; floor: their bytes`,
      3,
      async (widget, log) => {
        const chunk = new TextEncoder().encode(LINE.repeat(STEP));
        // Twice as many, so that all of them are replaced once.
        for (let line = 0; line < 2 * LINES; line += STEP) {
          log.writeSync(chunk);
          advance(1000);
          await widget.refresh();
        }
      },
    ),
};

/** The peak memory of a stream that grows faster than it is read. */
export const fastWriter: Figure = {
  name: "fast-writer",
  async measure() {
    const { shown, peak } = await measureLogMemory("200 MB/s", LINE.length);
    return [
      {
        figure:
          "memory in use beside a writer at 200 MB/s; floor: the bytes shown",
        unit: "MB",
        floor: shown / 1e6,
        ours: peak / 1e6,
        limit: 3,
      },
      ...await measure(
        "resident memory beside it, garbage included; floor: the bytes shown",
        // V8 collects what it has to, not what it could.
        12,
        writeFast,
      ),
    ];
  },
};

async function writeFast(
  widget: ProcessWidget,
  log: Deno.FsFile,
): Promise<void> {
  const chunk = new TextEncoder().encode(LINE.repeat(64));
  for (let second = 0; second < WRITER_SECONDS; second++) {
    const end = performance.now() + 1000;
    for (let rest = WRITER_RATE; rest > 0; rest -= chunk.length) {
      log.writeSync(chunk);
    }
    await widget.refresh();
    await delay(Math.max(0, end - performance.now()));
  }
}

async function measure(
  figure: string,
  limit: number,
  action: (widget: ProcessWidget, log: Deno.FsFile) => Promise<void>,
): Promise<Row[]> {
  installStandInKernel();
  installSteppedClock();
  using parent = new TempDir();
  await using sleepers = await Sleepers.start(1);
  const [{ dir }] = await writeProcessDirs(parent, sleepers.pids);
  using log = Deno.openSync(`${dir}/stdout.log`, { append: true });
  using widget = new ProcessWidget(dir, { lines: LINES, interval: 3_600_000 });
  await widget[$display]();
  (globalThis as unknown as { gc(): void }).gc();
  const before = residentBytes();
  resetPeak();
  await action(widget, log);
  const lines = widget.get("stdout_lines");
  return [{
    figure,
    unit: "MB",
    floor: lines.reduce((sum, line) => sum + line.length, 0) / 1e6,
    ours: (peakBytes() - before) / 1e6,
    limit,
  }];
}
