import { assertEquals, assertStrictEquals } from "@std/assert";
import { UsageHistory } from "../../../widget/usage_history.ts";

const usage = (cpuPercent: number | null) => ({ cpuPercent, memoryBytes: 7 });

Deno.test("UsageHistory keeps two minutes of numbered samples", () => {
  const history = new UsageHistory();
  for (let second = 0; second < 300; second++) {
    history.add(second * 1000, usage(second));
  }
  const { first, samples } = history.add(300_000, usage(300));
  assertEquals(samples.length, 120);
  assertEquals(first, 181);
  assertEquals(samples[0], [181, 181, 7]);
  assertEquals(samples.at(-1), [300, 300, 7]);
});

Deno.test("UsageHistory keeps about one sample per second at any polling rate", () => {
  const history = new UsageHistory();
  for (let ms = 0; ms <= 2000; ms += 50) history.add(ms, usage(1));
  const { samples } = history.add(2050, usage(1));
  assertEquals(samples.map(([time]) => time), [0, 0.9, 1.8]);
});

Deno.test("UsageHistory returns the same array while there is no new sample", () => {
  const history = new UsageHistory();
  const { samples } = history.add(0, usage(null));
  assertStrictEquals(history.add(1000, null).samples, samples);
});

Deno.test("UsageHistory assigns new numbers after the clock is set back", () => {
  const history = new UsageHistory();
  history.add(45_000, usage(1));
  history.add(100_000, usage(2));
  assertEquals(history.add(50_000, usage(3)), {
    first: 2,
    samples: [[45, 1, 7], [50, 3, 7]],
  });
});
