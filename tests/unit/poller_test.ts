import { assert, assertEquals, assertThrows } from "@std/assert";
import { Poller, type PollerOptions } from "../../poller.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { FakeClock } from "./fake_clock.ts";

/** A poller on a fake clock, with what it did. */
function setUp(options: Partial<PollerOptions> = {}) {
  const clock = new FakeClock();
  const ticks: number[] = [];
  const told: string[] = [];
  const errors: string[] = [];
  const poller = new Poller({
    clock,
    poll: () => {
      ticks.push(clock.now());
      return Promise.resolve(snapshot(`${ticks.length}`));
    },
    onSnapshot: (snapshot) => told.push(snapshot.name),
    onError: (error) => errors.push((error as Error).message),
    ...options,
  });
  return { clock, ticks, told, errors, poller };
}

function snapshot(name: string): ProcessSnapshot {
  return {
    name,
    status: "running",
    pid: 1,
    startedAt: 0,
    exit: null,
    command: null,
    ttlSeconds: null,
    health: null,
    usage: null,
    stdoutFirst: 0,
    stdoutLines: [],
    stderrFirst: 0,
    stderrLines: [],
    error: null,
  };
}

/** Ticks that end when the test says so. */
function slowTicks() {
  const ticks: ((name: string) => void)[] = [];
  const poll = () =>
    new Promise<ProcessSnapshot>((resolve) => {
      ticks.push((name) => resolve(snapshot(name)));
    });
  return { ticks, poll };
}

Deno.test("Poller takes a snapshot at once and then one per second", async () => {
  const { clock, ticks, told } = setUp();
  assertEquals(ticks, [0]);
  await clock.pass(3500);
  assertEquals(ticks, [0, 1000, 2000, 3000]);
  assertEquals(told, ["1", "2", "3", "4"]);
});

Deno.test("Poller keeps to the interval it is given, and to a new one", async () => {
  const { clock, ticks, poller } = setUp({ interval: 50 });
  await clock.pass(100);
  assertEquals(ticks, [0, 50, 100]);
  poller.interval = 200;
  await clock.pass(450);
  assertEquals(ticks, [0, 50, 100, 300, 500]);
});

Deno.test("Poller refuses an interval that is no number of at least 50 ms", () => {
  for (const interval of [49, 0, -1, NaN, Infinity]) {
    const error = assertThrows(() => setUp({ interval }), RangeError);
    assert(error.message.includes(`current value is ${interval}`));
  }
  // @ts-expect-error what JavaScript callers can do
  assertThrows(() => setUp({ interval: "1000" }), TypeError, `"1000"`);
  const { poller } = setUp();
  assertThrows(() => poller.interval = 10, RangeError);
  assertEquals(poller.interval, 1000);
  poller.stop();
});

Deno.test("Poller never overlaps ticks and drops those that a slow one missed", async () => {
  const { ticks, poll } = slowTicks();
  const { clock, told } = setUp({ poll });
  await clock.pass(2500);
  assertEquals(ticks.length, 1);
  ticks[0]("slow");
  await clock.pass(499);
  assertEquals(ticks.length, 1);
  await clock.pass(1);
  assertEquals(ticks.length, 2, "the next tick is on the grid, at 3000");
  ticks[1]("quick");
  await clock.pass(999);
  assertEquals(ticks.length, 2);
  await clock.pass(1);
  assertEquals(ticks.length, 3);
  assertEquals(told, ["slow", "quick"]);
});

Deno.test("Poller stops, starts again and does not start twice", async () => {
  const { clock, ticks, poller } = setUp();
  await clock.pass(1500);
  poller.stop();
  assert(!poller.running);
  assertEquals(clock.pending, 0);
  await clock.pass(5000);
  assertEquals(ticks, [0, 1000]);
  poller.start();
  poller.start();
  assert(poller.running);
  await clock.pass(1000);
  assertEquals(ticks, [0, 1000, 6500, 7500]);
});

Deno.test("Poller drops what a tick saw when it was stopped meanwhile", async () => {
  const { ticks, poll } = slowTicks();
  const { clock, told, poller } = setUp({ poll });
  poller.stop();
  ticks[0]("too late");
  await clock.pass(5000);
  assertEquals(told, []);
  assertEquals(ticks.length, 1);
});

Deno.test("Poller that restarts during a tick waits for its end", async () => {
  const { ticks, poll } = slowTicks();
  const { clock, told, poller } = setUp({ poll });
  poller.stop();
  poller.start();
  await clock.pass(3000);
  assertEquals(ticks.length, 1);
  ticks[0]("from before the stop");
  await clock.pass(0);
  assertEquals(ticks.length, 2);
  ticks[1]("new");
  await clock.pass(0);
  assertEquals(told, ["new"]);
});

Deno.test("Poller stops for good on its signal", async () => {
  const controller = new AbortController();
  const { clock, ticks, poller } = setUp({ signal: controller.signal });
  await clock.pass(1000);
  controller.abort();
  poller.start();
  await poller.refresh();
  await clock.pass(5000);
  assertEquals(ticks, [0, 1000]);
  assert(!poller.running);
});

Deno.test("Poller never starts when its signal is aborted already", async () => {
  const { clock, ticks, poller } = setUp({ signal: AbortSignal.abort() });
  await clock.pass(5000);
  assertEquals(ticks, []);
  assert(!poller.running);
});

Deno.test("Poller stops when it is disposed of", async () => {
  const { clock, ticks, poller } = setUp();
  {
    using _ = poller;
  }
  await clock.pass(5000);
  assertEquals(ticks, [0]);
});

Deno.test("Poller goes on after a source that throws and a listener that throws", async () => {
  let tick = 0;
  const { clock, told, errors } = setUp({
    poll: () => {
      tick++;
      if (tick === 1) throw new Error("at once");
      if (tick === 2) return Promise.reject(new Error("later"));
      return Promise.resolve(snapshot(`${tick}`));
    },
  });
  await clock.pass(2000);
  assertEquals(errors, ["at once", "later"]);
  assertEquals(told, ["3"]);

  const listener = setUp({
    onSnapshot: () => {
      throw new Error("listener");
    },
  });
  await listener.clock.pass(1000);
  assertEquals(listener.errors, ["listener", "listener"]);
});

Deno.test("Poller bears a clock that jumps ahead without a burst", async () => {
  const { clock, ticks } = setUp();
  await clock.pass(500);
  clock.jump(3_600_000);
  await clock.pass(1500);
  assertEquals(ticks.length, 3);
});

Deno.test("Poller bears a clock that is set back without a pause", async () => {
  const { clock, ticks } = setUp();
  await clock.pass(500);
  clock.jump(-3_600_000);
  await clock.pass(2500);
  assertEquals(ticks.length, 4);
});

Deno.test("Poller refreshes at once without moving its grid", async () => {
  const { clock, ticks, poller } = setUp();
  await clock.pass(300);
  await poller.refresh();
  assertEquals(ticks, [0, 300]);
  await clock.pass(1000);
  assertEquals(ticks, [0, 300, 1000]);
});

Deno.test("Poller refreshes while it is stopped", async () => {
  const { clock, told, poller } = setUp();
  await clock.pass(0);
  poller.stop();
  await poller.refresh();
  assertEquals(told, ["1", "2"]);
  await clock.pass(5000);
  assertEquals(told, ["1", "2"]);
});

Deno.test("Poller answers refreshes during a tick with one more tick", async () => {
  const { ticks, poll } = slowTicks();
  const { clock, told, poller } = setUp({ poll });
  let refreshed = 0;
  for (let i = 0; i < 3; i++) poller.refresh().then(() => refreshed++);
  ticks[0]("old");
  await clock.pass(0);
  assertEquals([ticks.length, refreshed], [2, 0]);
  ticks[1]("new");
  await clock.pass(0);
  assertEquals([ticks.length, refreshed], [2, 3]);
  assertEquals(told, ["old", "new"]);
});
