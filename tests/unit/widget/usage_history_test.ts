import { assertEquals } from "@std/assert";
import { UsageHistory } from "../../../widget/usage_history.ts";
import { parsePsUsage } from "../../../process/system/ps_usage.ts";

const usage = (cpuPercent: number | null) => ({ cpuPercent, memoryBytes: 7 });

Deno.test("UsageHistory keeps two minutes", () => {
  const history = new UsageHistory();
  for (let second = 0; second < 300; second++) {
    history.add(second * 1000, usage(second));
  }
  const samples = history.add(300_000, usage(300));
  assertEquals(samples.length, 120);
  assertEquals(samples[0], [181, 181, 7]);
  assertEquals(samples.at(-1), [300, 300, 7]);
});

Deno.test("UsageHistory takes one sample a second, however often it is told", () => {
  const history = new UsageHistory();
  for (let ms = 0; ms <= 2000; ms += 50) history.add(ms, usage(1));
  const times = history.add(2050, usage(1)).map(([time]) => time);
  assertEquals(times, [0, 0.9, 1.8]);
});

Deno.test("UsageHistory adds nothing while there is nothing to measure", () => {
  const history = new UsageHistory();
  const before = history.add(0, usage(null));
  assertEquals(history.add(1000, null), before);
});

Deno.test("UsageHistory survives a clock that is set back", () => {
  const history = new UsageHistory();
  history.add(100_000, usage(1));
  assertEquals(history.add(50_000, usage(2)), [[50, 2, 7]]);
});

Deno.test("parsePsUsage reads memory and processor time", () => {
  assertEquals(parsePsUsage(" 12  1  2048 00:01:02"), {
    pid: 12,
    parent: 1,
    memoryBytes: 2048 * 1024,
    cpuSeconds: 62,
  });
  assertEquals(parsePsUsage("12 1 0 2-01:00:00")?.cpuSeconds, 176_400);
  // As macOS has it.
  assertEquals(parsePsUsage("12 1 0 1:02.50")?.cpuSeconds, 62.5);
  assertEquals(parsePsUsage("PID PPID RSS TIME"), null);
});
