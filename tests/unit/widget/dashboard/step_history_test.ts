import { assert, assertEquals } from "@std/assert";
import { StepHistory } from "../../../../widget/dashboard/step_history.ts";

const MIB = 2 ** 20;

/** A history that is measured once per second from epoch second 1000 on. */
function measureAll(percents: readonly (number | null)[]): StepHistory {
  const history = new StepHistory();
  for (const [index, cpuPercent] of percents.entries()) {
    history.add(1000 * (1000 + index), { cpuPercent, memoryBytes: MIB });
  }
  return history;
}

Deno.test("StepHistory does not change while the usage does not", () => {
  const history = measureAll([null, 0]);
  const { samples } = history;
  for (let second = 2; second < 500; second++) {
    const memoryBytes = MIB + second;
    history.add(1000 * (1000 + second), { cpuPercent: 0, memoryBytes });
  }
  assertEquals(history.samples, samples);
  assert(history.samples === samples);
});

Deno.test("StepHistory ends with the current usage, and keeps one sample per 4 s", () => {
  const { samples } = measureAll(Array.from({ length: 60 }, (_, i) => i));
  assertEquals(samples.at(-1), [1059, 59, MIB]);
  const kept = samples.slice(0, -1);
  for (const [index, [time]] of kept.entries()) {
    if (index > 0) assert(time - kept[index - 1][0] >= 4, `${time}`);
  }
  assert(samples.length <= 17, `${samples.length} samples`);
});

Deno.test("StepHistory reaches back two minutes, and a sample further", () => {
  const { samples } = measureAll(Array.from({ length: 600 }, (_, i) => i));
  const [[first], [second]] = samples;
  assert(first <= 1599 - 120 && second > 1599 - 120, `${first}, ${second}`);
});

Deno.test("StepHistory survives a clock that is set back", () => {
  const history = measureAll([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  history.add(1_003_000, { cpuPercent: 50, memoryBytes: MIB });
  const times = history.samples.map(([time]) => time);
  assertEquals(times, times.toSorted((a, b) => a - b));
  assertEquals(history.samples.at(-1), [1003, 50, MIB]);
});

Deno.test("StepHistory is empty once the process has ended", () => {
  const history = measureAll([1, 2, 3]);
  history.add(1_010_000, null);
  assertEquals(history.samples, []);
  const { samples } = history;
  history.add(1_011_000, null);
  assert(history.samples === samples);
});
