/** Many widgets, or as many bare polls, once per second each. */
import { delay } from "@std/async";
import { $display } from "../../jupyter/display.ts";
import { TempDir } from "../../tests/files/support.ts";
import { ProcessWidget } from "../../widget.ts";
import { barePoll } from "./bare_poll.ts";
import { type BenchProcess, writeProcessDirs } from "./process_dirs.ts";
import { cpuTime } from "./rounds.ts";
import { Sleepers } from "./sleepers.ts";

const INTERVAL_MS = 1000;

/** How long a fleet polls before it is measured, in milliseconds. */
const WARM_UP_MS = 3000;

/** How many bare polls start at a time: they are spread over the interval. */
const STEPS = 100;

/** Processes that sleep, each with a process directory. */
export class Processes implements AsyncDisposable {
  readonly all: readonly BenchProcess[];
  /** The folder that holds their directories. */
  readonly folder: string;
  readonly #cleanUp: AsyncDisposableStack;

  private constructor(
    folder: string,
    all: readonly BenchProcess[],
    cleanUp: AsyncDisposableStack,
  ) {
    this.folder = folder;
    this.all = all;
    this.#cleanUp = cleanUp;
  }

  /** Starts as many processes. */
  static async start(count: number): Promise<Processes> {
    await using stack = new AsyncDisposableStack();
    const parent = stack.use(new TempDir());
    const { pids } = stack.use(await Sleepers.start(count));
    const all = await writeProcessDirs(parent, pids);
    return new Processes(parent.path, all, stack.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** Displays a widget of each process while `action` runs. */
export async function withWidgets<T>(
  { all }: Processes,
  action: () => Promise<T>,
): Promise<T> {
  const widgets: ProcessWidget[] = [];
  try {
    for (const { dir } of all) {
      const widget = new ProcessWidget(dir);
      widgets.push(widget);
      await widget[$display]();
      // Users create theirs at any time, not all at once.
      await delay(INTERVAL_MS / all.length);
    }
    await delay(WARM_UP_MS);
    return await action();
  } finally {
    for (const widget of widgets) widget.close();
  }
}

/** Polls each process barely while `action` runs. */
export async function withBarePolls<T>(
  { all }: Processes,
  action: () => Promise<T>,
): Promise<T> {
  const polls = all.map(({ dir, pid }) => barePoll(dir, pid));
  let next = 0;
  const timer = setInterval(() => {
    for (let count = 0; count < polls.length / STEPS; count++) {
      polls[next++ % polls.length]();
    }
  }, INTERVAL_MS / STEPS);
  try {
    await delay(WARM_UP_MS);
    return await action();
  } finally {
    clearInterval(timer);
  }
}

/** Returns how much of a core this program uses in the next seconds, in percent. */
export async function coreUsage(ms = 5000): Promise<number> {
  const [start, cpu] = [performance.now(), cpuTime()];
  await delay(ms);
  return (cpuTime() - cpu) / (performance.now() - start) / 10;
}
