/** A firehose: logs that grow much faster than anybody reads. */
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { BarePage, type PageGlobals, type State } from "./bare_page.ts";

/** Messages per second. */
const PARTS = 4;

/** Statistics of durations, in milliseconds. */
export interface Durations {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** What a firehose costs the page. */
export interface FirehoseCost {
  /** Main-thread time per message: all tasks until the page is laid out. */
  readonly update: Durations;
  /** The same for the least possible work: a screenful of plain text. */
  readonly floor: Durations;
  /** Time between frames while scrolling. */
  readonly scroll: Durations;
  /** Heap after garbage collection, sampled up to 15 times, in MiB. */
  readonly memory: readonly number[];
}

/**
 * Checks that the page stays bounded and current while two full logs of 10,000
 * lines receive 1,000 lines a second.
 */
export async function staysBounded(seconds: number): Promise<void> {
  await using bare = await BarePage.open();
  const { memory } = await measureFirehose(bare, seconds);
  const [first, last] = [memory[2], memory.at(-1)!];
  assert(last < first * 1.2, `memory went from ${first} to ${last} MiB`);
  for (const stream of ["stdout", "stderr"] as const) {
    const drawn = await bare.widget.lines(stream).count();
    assert(drawn > 0 && drawn < 100, `${drawn} lines are drawn`);
  }
  const { page, widget } = bare;
  await widget.log("stdout").evaluate((el) => el.scrollTop = el.scrollHeight);
  await widget.shows(await page.evaluate(lastRequest), 1000);
  assertEquals(bare.errors, []);
}

/**
 * Fills both logs with 10,000 lines and receives 1,000 more per second for some
 * seconds, a fourth of them at a time; then scrolls.
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
  // The thread's own time excludes other programs on the machine.
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
  // The cost of an evaluation that does nothing.
  const idle: number[] = [];
  for (let i = 0; i < 20; i++) {
    idle.push(await cost(() => page.evaluate(() => {})));
  }
  const overhead = summary(idle).median;
  for (let second = 0; second < seconds; second++) {
    for (let part = 0; part < PARTS; part++) {
      await page.evaluate(prepare, 1000 / PARTS / 2);
      await delay(1000 / PARTS);
      const spent = await cost(() => page.evaluate(deliver));
      // The first second warms up the compiler.
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
  /** Number of the first line of each log. */
  first: number;
  patches: number;
  next: State;
  plain: HTMLElement[];
}

/** Runs in the page: fills both logs. */
function fill(): void {
  const globals = globalThis as unknown as Firehose;
  let line = 0;
  globals.first = 0;
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

/** Runs in the page: prepares the next message. */
function prepare(count: number): void {
  const globals = globalThis as unknown as Firehose;
  globals.first += count;
  // Each log counts its patches.
  const sequence = ++globals.patches;
  const patch = () => ({
    sequence,
    start: globals.first + 10_000 - count,
    items: globals.makeLines(count),
  });
  globals.next = {
    uptime: `${globals.patches}s`,
    stdout_first: globals.first,
    stdout_lines_patch: patch(),
    stderr_first: globals.first,
    stderr_lines_patch: patch(),
  };
}

/** Runs in the page: returns a part of the last line of stdout. */
function lastRequest(): string {
  const { next } = globalThis as unknown as Firehose;
  const { items } = next.stdout_lines_patch as { items: string[] };
  return items.at(-1)!.match(/request \d+/)![0];
}

/** Runs in the page: delivers the message and waits for layout. */
async function deliver(): Promise<void> {
  const globals = globalThis as unknown as Firehose;
  globals.receive(globals.next);
  await null;
  document.body.getBoundingClientRect();
}

/** Runs in the page: shows the last lines of both logs as plain text. */
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

/** Runs in the page: scrolls for two seconds; returns the frame times in ms. */
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
