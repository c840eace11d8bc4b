import { assert, assertEquals, assertThrows } from "@std/assert";
import { Poller, type PollerOptions } from "../../poller.ts";
import type { ProcessSnapshot } from "../../process/snapshot.ts";
import { EMPTY_SNAPSHOT } from "../empty_snapshot.ts";
import { FakeClock } from "./fake_clock.ts";

/** Creates a poller on a fake clock that records its ticks and results. */
function setUp(options: Partial<PollerOptions<ProcessSnapshot>> = {}) {
  const clock = new FakeClock();
  const ticks: number[] = [];
  const received: string[] = [];
  const errors: string[] = [];
  const poller = new Poller({
    clock,
    poll: () => {
      ticks.push(clock.now());
      return Promise.resolve(snapshot(`${ticks.length}`));
    },
    onSnapshot: (snapshot) => received.push(snapshot.name),
    onError: (error) => errors.push((error as Error).message),
    ...options,
  });
  return { clock, ticks, received, errors, poller };
}

function snapshot(name: string): ProcessSnapshot {
  return { ...EMPTY_SNAPSHOT, name };
}

/** Returns a `poll` whose calls the test resolves one by one. */
function slowPoll() {
  const resolvers: ((name: string) => void)[] = [];
  const poll = () =>
    new Promise<ProcessSnapshot>((resolve) => {
      resolvers.push((name) => resolve(snapshot(name)));
    });
  return { resolvers, poll };
}

Deno.test("Poller polls immediately and then once per second", async () => {
  const { clock, ticks, received } = setUp();
  assertEquals(ticks, [0]);
  await clock.advance(3500);
  assertEquals(ticks, [0, 1000, 2000, 3000]);
  assertEquals(received, ["1", "2", "3", "4"]);
});

Deno.test("Poller keeps the phase that its clock assigns", async () => {
  const clock = new FakeClock();
  clock.phase = () => 0.25;
  const ticks: number[] = [];
  const { poller } = setUp({
    clock,
    poll: () => Promise.resolve(snapshot(`${ticks.push(clock.now())}`)),
  });
  await clock.advance(3000);
  assertEquals(ticks, [0, 750, 1750, 2750]);
  poller.stop();
});

Deno.test("Poller polls at its interval, and at a new one once it is set", async () => {
  const { clock, ticks, poller } = setUp({ interval: 50 });
  await clock.advance(100);
  assertEquals(ticks, [0, 50, 100]);
  poller.interval = 200;
  await clock.advance(450);
  assertEquals(ticks, [0, 50, 100, 300, 500]);
});

Deno.test("Poller rejects an interval that is not a number from 50 ms to a day", () => {
  for (const interval of [49, 0, -1, NaN, Infinity, 86_400_001, 2 ** 31]) {
    const error = assertThrows(() => setUp({ interval }), RangeError);
    assert(error.message.includes(`current value is ${interval}`));
  }
  // @ts-expect-error JavaScript callers can pass any type
  assertThrows(() => setUp({ interval: "1000" }), TypeError, `"1000"`);
  const { poller } = setUp();
  assertThrows(() => poller.interval = 10, RangeError);
  assertEquals(poller.interval, 1000);
  poller.stop();
});

Deno.test("Poller never overlaps ticks and skips those that a slow one missed", async () => {
  const { resolvers, poll } = slowPoll();
  const { clock, received } = setUp({ poll });
  await clock.advance(2500);
  assertEquals(resolvers.length, 1);
  resolvers[0]("slow");
  await clock.advance(499);
  assertEquals(resolvers.length, 1);
  await clock.advance(1);
  assertEquals(resolvers.length, 2, "the next tick is on the grid, at 3000");
  resolvers[1]("quick");
  await clock.advance(999);
  assertEquals(resolvers.length, 2);
  await clock.advance(1);
  assertEquals(resolvers.length, 3);
  assertEquals(received, ["slow", "quick"]);
});

Deno.test("Poller stops, starts again and ignores a second start", async () => {
  const { clock, ticks, poller } = setUp();
  await clock.advance(1500);
  poller.stop();
  assert(!poller.running);
  assertEquals(clock.pending, 0);
  await clock.advance(5000);
  assertEquals(ticks, [0, 1000]);
  poller.start();
  poller.start();
  assert(poller.running);
  await clock.advance(1000);
  assertEquals(ticks, [0, 1000, 6500, 7500]);
});

Deno.test("Poller drops the result of a poll during which it was stopped", async () => {
  const { resolvers, poll } = slowPoll();
  const { clock, received, poller } = setUp({ poll });
  poller.stop();
  resolvers[0]("too late");
  await clock.advance(5000);
  assertEquals(received, []);
  assertEquals(resolvers.length, 1);
});

Deno.test("Poller that is restarted during a tick waits for the tick to end", async () => {
  const { resolvers, poll } = slowPoll();
  const { clock, received, poller } = setUp({ poll });
  poller.stop();
  poller.start();
  await clock.advance(3000);
  assertEquals(resolvers.length, 1);
  resolvers[0]("from before the stop");
  await clock.advance(0);
  assertEquals(resolvers.length, 2);
  resolvers[1]("new");
  await clock.advance(0);
  assertEquals(received, ["new"]);
});

Deno.test("Poller stops for good when its signal is aborted", async () => {
  const controller = new AbortController();
  const { clock, ticks, poller } = setUp({ signal: controller.signal });
  await clock.advance(1000);
  controller.abort();
  poller.start();
  await poller.refresh();
  await clock.advance(5000);
  assertEquals(ticks, [0, 1000]);
  assert(!poller.running);
});

Deno.test("Poller never starts if its signal is already aborted", async () => {
  const { clock, ticks, poller } = setUp({ signal: AbortSignal.abort() });
  await clock.advance(5000);
  assertEquals(ticks, []);
  assert(!poller.running);
});

Deno.test("Poller stops when disposed of", async () => {
  const { clock, ticks, poller } = setUp();
  {
    using _ = poller;
  }
  await clock.advance(5000);
  assertEquals(ticks, [0]);
});

Deno.test("Poller continues after poll or onSnapshot throws", async () => {
  let tick = 0;
  const { clock, received, errors } = setUp({
    poll: () => {
      tick++;
      if (tick === 1) throw new Error("synchronous");
      if (tick === 2) return Promise.reject(new Error("asynchronous"));
      return Promise.resolve(snapshot(`${tick}`));
    },
  });
  await clock.advance(2000);
  assertEquals(errors, ["synchronous", "asynchronous"]);
  assertEquals(received, ["3"]);

  const listener = setUp({
    onSnapshot: () => {
      throw new Error("listener");
    },
  });
  await listener.clock.advance(1000);
  assertEquals(listener.errors, ["listener", "listener"]);
});

Deno.test("Poller does not burst when the clock jumps ahead", async () => {
  const { clock, ticks } = setUp();
  await clock.advance(500);
  clock.jump(3_600_000);
  await clock.advance(1500);
  assertEquals(ticks.length, 3);
});

Deno.test("Poller does not pause when the clock is set back", async () => {
  const { clock, ticks } = setUp();
  await clock.advance(500);
  clock.jump(-3_600_000);
  await clock.advance(2500);
  assertEquals(ticks.length, 4);
});

Deno.test("Poller refreshes immediately without moving its grid", async () => {
  const { clock, ticks, poller } = setUp();
  await clock.advance(300);
  await poller.refresh();
  assertEquals(ticks, [0, 300]);
  await clock.advance(1000);
  assertEquals(ticks, [0, 300, 1000]);
});

Deno.test("Poller refreshes while it is stopped", async () => {
  const { clock, received, poller } = setUp();
  await clock.advance(0);
  poller.stop();
  await poller.refresh();
  assertEquals(received, ["1", "2"]);
  await clock.advance(5000);
  assertEquals(received, ["1", "2"]);
});

Deno.test("Poller runs one more tick for all refreshes during a tick", async () => {
  const { resolvers, poll } = slowPoll();
  const { clock, received, poller } = setUp({ poll });
  let refreshed = 0;
  for (let i = 0; i < 3; i++) poller.refresh().then(() => refreshed++);
  resolvers[0]("old");
  await clock.advance(0);
  assertEquals([resolvers.length, refreshed], [2, 0]);
  resolvers[1]("new");
  await clock.advance(0);
  assertEquals([resolvers.length, refreshed], [2, 3]);
  assertEquals(received, ["old", "new"]);
});
