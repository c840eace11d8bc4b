import { delay } from "@std/async";
import type { BarePage, PageGlobals, State } from "./bare_page.ts";

/** How many messages a second brings. */
const PARTS = 4;

/** Of some durations, in milliseconds. */
export interface Durations {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** What a firehose costs. */
export interface FirehoseCost {
  /** Main-thread time of a message: all tasks until the page is laid out. */
  readonly update: Durations;
  /** The same for the least that shows them: a screenful of plain text. */
  readonly floor: Durations;
  /** From frame to frame while scrolling. */
  readonly scroll: Durations;
  /** The heap now and then, garbage collected, in MiB. */
  readonly memory: readonly number[];
}

/**
 * Fills both panes with 10,000 lines, and lets 1,000 a second arrive, a fourth
 * of them at a time; then scrolls.
 */
export async function measureFirehose(
  { page }: BarePage,
  seconds: number,
): Promise<FirehoseCost> {
  const session = await page.context().newCDPSession(page);
  const memory: number[] = [];
  const update: number[] = [];
  const floor: number[] = [];
  await page.evaluate(fill);
  // The thread's own time: what else runs on the machine is not counted.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const cost = async (action: () => Promise<void>) => {
    const before = await spent();
    await action();
    return await spent() - before;
  };
  // What asking costs by itself.
  const asking: number[] = [];
  for (let i = 0; i < 20; i++) {
    asking.push(await cost(() => page.evaluate(() => {})));
  }
  const overhead = summary(asking).median;
  for (let second = 0; second < seconds; second++) {
    for (let part = 0; part < PARTS; part++) {
      await page.evaluate(prepare, 1000 / PARTS / 2);
      await delay(1000 / PARTS);
      const spent = await cost(() => page.evaluate(deliver));
      // The compiler has to get to know the code first.
      if (second > 0) update.push(spent - overhead);
      floor.push(await cost(() => page.evaluate(deliverPlain)) - overhead);
    }
    if (second % Math.ceil(seconds / 15) !== 0) continue;
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    memory.push(Math.round(usedSize / 1024 / 102.4) / 10);
  }
  const scroll = await page.evaluate(scrollThrough);
  return {
    update: summary(update),
    floor: summary(floor),
    scroll: summary(scroll),
    memory,
  };
}

interface Firehose extends PageGlobals {
  makeLines(count: number): string[];
  patches: number;
  next: State;
  plain: HTMLElement[];
}

/** Runs in the page. */
function fill(): void {
  const globals = globalThis as unknown as Firehose;
  let line = 0;
  globals.patches = 0;
  globals.makeLines = (count) =>
    Array.from({ length: count }, () => {
      line++;
      const level = ["\x1b[32mINFO\x1b[0m", "\x1b[33mWARN\x1b[0m"][line % 2];
      const more = line % 10 ? "" : " and a longer tail".repeat(8);
      const wide = line % 50 ? "" : " 日本語 🎉 https://example.org/";
      return `2026-01-02T03:04:05Z ${level} request ${line}${more}${wide}`;
    });
  globals.receive({
    stdout_lines: globals.makeLines(10_000),
    stderr_lines: globals.makeLines(10_000),
  });
}

/** Runs in the page: makes the next message. */
function prepare(count: number): void {
  const globals = globalThis as unknown as Firehose;
  const patch = () => ({
    number: ++globals.patches,
    drop: count,
    keep: 10_000 - count,
    items: globals.makeLines(count),
  });
  globals.next = {
    uptime: `${globals.patches}s`,
    stdout_lines_patch: patch(),
    stderr_lines_patch: patch(),
  };
}

/** Runs in the page: hands it over, and waits until the page is laid out. */
async function deliver(): Promise<void> {
  const globals = globalThis as unknown as Firehose;
  globals.receive(globals.next);
  await null;
  document.body.getBoundingClientRect();
}

/** Runs in the page: shows the last lines of both streams with nothing to them. */
function deliverPlain(): void {
  const globals = globalThis as unknown as Firehose;
  globals.plain ??= ["stdout", "stderr"].map(() =>
    document.body.appendChild(document.createElement("pre"))
  );
  for (const pre of globals.plain) {
    pre.textContent = globals.makeLines(1000 / 4 / 2).slice(-20).join("\n");
  }
  document.body.getBoundingClientRect();
}

/** Runs in the page: two seconds of scrolling. Returns what each frame took. */
async function scrollThrough(): Promise<number[]> {
  const pane = document.querySelector("[data-stream=stdout]")!;
  const frame = () => new Promise<number>(requestAnimationFrame);
  pane.scrollTop = 0;
  let before = await frame();
  const frames: number[] = [];
  for (let count = 0; count < 120; count++) {
    pane.scrollTop += 90;
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  return frames;
}

function summary(durations: number[]): Durations {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const index = Math.floor(share * (sorted.length - 1));
    return Math.round(sorted[index] * 10) / 10;
  };
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
