/** What a dashboard with hundreds of live rows costs the page. */
import type { DashboardTraits, Row } from "../../../widget/dashboard/traits.ts";
import type { UsageSample } from "../../../widget/usage_history.ts";
import { dashboardTraits, type RowSpec } from "../../unit/dashboard_rows.ts";
import type { BarePage, PageGlobals } from "./bare_page.ts";
import { type FrameTimes, traceFrames } from "./frame_trace.ts";

/** The frames of each activity, while all rows change once a second. */
export interface DashboardCost {
  /** Frames in which all rows change. */
  readonly tick: FrameTimes;
  /** Frames in which the reader scrolls. */
  readonly scroll: FrameTimes;
  /** Frames in which the reader sorts by another column, and those after. */
  readonly sort: FrameTimes;
}

/** Returns the traits of a dashboard with running processes. */
export function liveDashboard(count: number): DashboardTraits {
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, at): RowSpec => ({
    name: `process-${at}`,
    pid: 1000 + at,
    started_at: now - at * 100_000,
    health_status: at % 3 ? "healthy" : null,
    health_timestamp: at % 3 ? now : null,
    last_line: `line 0 of process ${at}`,
    last_stream: "stdout",
    usage: Array.from({ length: 30 }, (_, sample): UsageSample => [
      now / 1000 - 120 + 4 * sample,
      (at * 7 + sample * 13) % 100,
      1e7 * (1 + (at + sample) % 30),
    ]),
  }));
  return dashboardTraits(rows);
}

/** Scrolls and sorts for some seconds, and measures the frames. */
export async function measureDashboard(
  { page }: BarePage,
  seconds: number,
): Promise<DashboardCost> {
  // The first seconds warm up the compiler.
  await page.evaluate(useDashboard, Math.ceil(seconds / 5));
  const times = await traceFrames(
    page,
    () => page.evaluate(useDashboard, seconds),
  );
  return times as unknown as DashboardCost;
}

/** Runs in the page: scrolls and sorts in turns; returns when all is drawn. */
async function useDashboard(seconds: number): Promise<void> {
  const { traits, receive } = globalThis as unknown as PageGlobals;
  const table = document.querySelector(".pd-table")!;
  const buttons = [...table.querySelectorAll<HTMLElement>(".pd-sort")];
  const frame = () => new Promise(requestAnimationFrame);

  /** Returns a message in which all rows change. */
  const nextTick = (tick: number) => {
    const now = Date.now();
    const next: Record<string, unknown> = {};
    for (const [at, id] of (traits.ids as string[]).entries()) {
      const row = traits[`row:${id}`] as Row;
      next[`row:${id}`] = {
        ...row,
        health_timestamp: row.health_timestamp && now,
        last_line: `\x1b[32mline\x1b[0m ${tick} of process ${at}`,
      };
      const usage = traits[`usage:${id}`] as readonly UsageSample[];
      next[`usage:${id}`] = [...usage.slice(-29), [
        now / 1000,
        (at * 7 + tick * 31) % 100,
        1e7 * (1 + (at + tick) % 30),
      ]];
    }
    return next;
  };

  for (let second = 0; second < seconds; second++) {
    const next = nextTick(second);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await frame();
    performance.mark("frame:tick");
    receive(next);
    for (let count = 0; count < 40; count++) {
      await frame();
      performance.mark("frame:scroll");
      table.scrollTop += count < 20 ? 100 : -100;
    }
    for (let count = 0; count < 6; count++) {
      await frame();
      performance.mark("frame:sort");
      buttons[(second + count) % buttons.length].click();
      for (let after = 0; after < 4; after++) {
        await frame();
        performance.mark("frame:sort");
      }
    }
  }
  await frame();
  performance.mark("frame:end");
}
