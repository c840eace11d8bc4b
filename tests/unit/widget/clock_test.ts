import { assert, assertEquals } from "@std/assert";
import { SharedClock } from "../../../widget/clock.ts";
import { FakeClock } from "../fake_clock.ts";

Deno.test("SharedClock makes all calls in time, on one timer", async () => {
  const base = new FakeClock();
  const clock = new SharedClock(base);
  const calls: [scheduled: number, made: number][] = [];
  const delays = [700, 31, 4, 1000, 31, 0];
  for (const ms of delays) {
    clock.schedule(() => calls.push([ms, base.now()]), ms);
    assertEquals(base.pending, 1);
  }
  await base.advance(2000);
  assertEquals(calls.map(([ms]) => ms), delays.toSorted((a, b) => a - b));
  for (const [ms, at] of calls) {
    assert(at >= ms && at < ms + 10, `${ms}: ${at}`);
  }
  assertEquals(base.pending, 0);
});

Deno.test("SharedClock makes no call that was canceled, and keeps no timer", async () => {
  const base = new FakeClock();
  const clock = new SharedClock(base);
  const calls: string[] = [];
  const cancels = ["a", "b", "c"].map((name) =>
    clock.schedule(() => calls.push(name), 100)
  );
  cancels[1]();
  await base.advance(200);
  assertEquals(calls, ["a", "c"]);
  clock.schedule(() => {}, 100)();
  assertEquals(base.pending, 0);
  for (const cancel of cancels) cancel();
});

Deno.test("SharedClock makes calls that other calls schedule", async () => {
  const base = new FakeClock();
  const clock = new SharedClock(base);
  const times: number[] = [];
  const tick = () => {
    times.push(base.now());
    if (times.length < 4) clock.schedule(tick, 50);
  };
  clock.schedule(tick, 50);
  await base.advance(1000);
  assertEquals(times, [50, 100, 150, 200]);
});

Deno.test("SharedClock gives others a turn when many calls are due", async () => {
  const base = new FakeClock();
  const turns: number[] = [];
  let now = 0;
  // Each call takes 1 ms.
  const slow = new SharedClock({
    now: () => now,
    schedule: (fn, ms) =>
      base.schedule(() => {
        const before = now;
        fn();
        turns.push(now - before);
      }, ms),
  });
  for (let i = 0; i < 100; i++) slow.schedule(() => now++, 0);
  await base.advance(1000);
  assertEquals(now, 100);
  assert(Math.max(...turns) < 10, `${turns}`);
});

Deno.test("SharedClock spreads ticks evenly over an interval", () => {
  for (const count of [1, 2, 10, 1000]) {
    const clock = new SharedClock(new FakeClock());
    const phases = Array.from({ length: count }, () => clock.phase())
      .sort((a, b) => a - b);
    assertEquals(phases[0], 0);
    const gaps = phases.map((at, i) => (phases[i + 1] ?? 1) - at);
    assert(Math.max(...gaps) < 2.7 / count, `${count}: ${Math.max(...gaps)}`);
  }
});
