/** Measures the main-thread time of the frames of a page. */
import type { Page } from "playwright-core";

/** Statistics of the frames of one kind, in milliseconds of thread time. */
export interface FrameTimes {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** An event of a trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** The thread's own time, which excludes other programs on the machine. */
  readonly tdur?: number;
}

/** How marks of frames begin; the kind of the frame follows. */
const MARK = "frame:";

/**
 * Traces the page while `action` runs, and returns the times of its frames by
 * their kinds. Frames are marked with {@linkcode markFrame}.
 */
export async function traceFrames(
  page: Page,
  action: () => Promise<void>,
): Promise<Record<string, FrameTimes>> {
  const events = await trace(page, action);
  const marks = events.filter(({ name }) => name.startsWith(MARK));
  const { pid, tid } = marks[0];
  const tasks = events.filter((event) =>
    event.name === "ThreadControllerImpl::RunTask" && event.ph === "X" &&
    event.pid === pid && event.tid === tid
  ).sort((a, b) => a.ts - b.ts);
  // A frame begins with the task that its mark is in.
  const starts = marks.map(({ ts }) => {
    const isBefore = (task: TraceEvent) => task.ts <= ts;
    return tasks.findLast(isBefore)!.ts;
  });
  const times: Record<string, number[]> = {};
  for (const [index, { name }] of marks.slice(0, -1).entries()) {
    const time = tasks
      .filter(({ ts }) => ts >= starts[index] && ts < starts[index + 1])
      .reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
    (times[name.slice(MARK.length)] ??= []).push(time);
  }
  return Object.fromEntries(
    Object.entries(times).map(([kind, times]) => [kind, summarize(times)]),
  );
}

async function trace(
  page: Page,
  action: () => Promise<void>,
): Promise<TraceEvent[]> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    events.push(...value as unknown as TraceEvent[]);
  });
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: ["toplevel", "blink.user_timing"],
      excludedCategories: ["*"],
    },
  });
  await action();
  const complete = new Promise((resolve) =>
    session.once("Tracing.tracingComplete", resolve)
  );
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return events.sort((a, b) => a.ts - b.ts);
}

function summarize(durations: readonly number[]): FrameTimes {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const index = Math.floor(share * (sorted.length - 1));
    return Math.round(sorted[index] * 10) / 10;
  };
  return { count: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) };
}
