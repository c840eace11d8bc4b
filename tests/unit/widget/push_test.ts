import { assert, assertEquals } from "@std/assert";
import type { ProcessSnapshot } from "../../../process/snapshot.ts";
import { type NextChange, Push, Turns } from "../../../widget/push.ts";
import { EMPTY_SNAPSHOT } from "../../empty_snapshot.ts";
import { FakeClock } from "../fake_clock.ts";

const QUIET: ProcessSnapshot = {
  ...EMPTY_SNAPSHOT,
  name: "server",
  status: "running",
  pid: 1,
};

/** A widget whose files a test changes, or makes impossible to watch. */
class PushedWidget implements NextChange {
  readonly push: Push;
  readonly polls: number[] = [];
  readonly notices: (string | null)[] = [];
  obstacle: string | null = null;
  exists = true;
  armed = false;
  arms = 0;
  /** What happens while the watch is being armed. */
  whileArming = () => {};
  #snapshot = QUIET;
  readonly #clock: FakeClock;
  #report = () => {};

  constructor(clock: FakeClock, turns = new Turns(clock)) {
    this.#clock = clock;
    this.push = new Push({
      watch: (onChange) => {
        this.#report = onChange;
        return this;
      },
      poll: () => this.poll(),
      onObstacle: (reason) => this.notices.push(reason),
      turns,
    });
    this.push.start();
  }

  arm(): Promise<string | null> {
    this.arms++;
    this.armed = this.exists && this.obstacle === null;
    this.whileArming();
    return Promise.resolve(this.obstacle);
  }

  disarm(): void {
    this.armed = false;
  }

  /** Prints a line; an event reports it if there is a watch, and it is delivered. */
  print({ delivered = true } = {}): void {
    this.#snapshot = { ...QUIET, stdoutLines: [] };
    if (!this.armed || !delivered) return;
    this.armed = false;
    this.#report();
  }

  /** Polls as the interval does. */
  poll(): void {
    const isPushed = this.push.begin();
    if (isPushed) this.polls.push(this.#clock.now());
    this.push.polled(this.#snapshot);
  }

  /** Begins to watch. */
  async begin(): Promise<void> {
    this.poll();
    await this.#clock.advance(1000);
    this.polls.length = 0;
  }
}

Deno.test("Push polls at once after a change, and not again without another", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  const { arms } = widget;
  assert(widget.armed);
  widget.print();
  await clock.advance(10_000);
  assertEquals(widget.polls, [1000]);
  assert(widget.armed);
  assertEquals(widget.arms, arms + 1);
});

Deno.test("Push polls a busy widget ten times a second", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  for (let ms = 0; ms < 10_000; ms++) {
    widget.print();
    await clock.advance(1);
  }
  const { length } = widget.polls;
  assert(length >= 95 && length <= 101, `${length} polls`);
});

Deno.test("Push shares out 300 polls per second among many busy widgets", async () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const widgets = Array.from(
    { length: 100 },
    () => new PushedWidget(clock, turns),
  );
  for (const widget of widgets) await widget.begin();
  const start = clock.now();
  for (let ms = 0; ms < 3000; ms += 10) {
    for (const widget of widgets) widget.print();
    await clock.advance(10);
  }
  const counts = widgets.map(({ polls }) =>
    polls.filter((at) => at >= start).length
  );
  const sum = counts.reduce((a, b) => a + b);
  assert(sum > 800 && sum <= 935, `${sum} polls`);
  // None is left out.
  assert(Math.min(...counts) >= 5, `${counts}`);
});

Deno.test("Push does not delay one widget for another that has just polled", async () => {
  const clock = new FakeClock();
  const turns = new Turns(clock);
  const [busy, quiet] = [
    new PushedWidget(clock, turns),
    new PushedWidget(clock, turns),
  ];
  await busy.begin();
  await quiet.begin();
  busy.print();
  await clock.advance(1);
  busy.print();
  quiet.print();
  const now = clock.now();
  await clock.advance(1);
  assertEquals(quiet.polls, [now]);
});

Deno.test("Push tries a missing file again once a minute or when something changes", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  widget.exists = false;
  await widget.begin();
  const { arms } = widget;
  for (let second = 0; second < 50; second++) {
    widget.poll();
    await clock.advance(1000);
  }
  assertEquals(widget.arms, arms);
  widget.exists = true;
  widget.print();
  widget.poll();
  await clock.advance(10);
  assert(widget.armed);
  assertEquals(widget.notices, []);
});

Deno.test("Push reports an obstacle once, and that it is gone within a minute or so", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  widget.obstacle = "exhausted";
  await widget.begin();
  for (let second = 0; second < 200; second++) {
    widget.print();
    widget.poll();
    await clock.advance(1000);
  }
  // It costs no more than polling: four attempts in 200 s.
  assertEquals(widget.arms, 4);
  assertEquals(widget.notices, ["exhausted"]);
  widget.obstacle = null;
  for (let second = 0; second < 61; second++) {
    widget.poll();
    await clock.advance(1000);
  }
  assertEquals(widget.notices, ["exhausted", null]);
  assert(widget.armed);
});

Deno.test("Push replaces a watch that misses changes, at most every ten seconds", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  const { arms } = widget;
  for (let second = 0; second < 20; second++) {
    widget.print({ delivered: false });
    widget.poll();
    await clock.advance(1000);
  }
  assertEquals(widget.arms, arms + 2);
});

Deno.test("Push watches again after a change that was reported while it began to", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  widget.whileArming = () => {
    widget.whileArming = () => {};
    widget.print();
  };
  widget.print();
  await clock.advance(1000);
  assertEquals(widget.polls, [1000, 1100]);
  assert(widget.armed);
});

Deno.test("Push watches after a stop and a start while it began to", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  widget.whileArming = () => {
    widget.whileArming = () => {};
    widget.push.stop();
    widget.push.start();
  };
  widget.print();
  await clock.advance(1000);
  assert(!widget.armed);
  widget.poll();
  await clock.advance(1000);
  assert(widget.armed);
});

Deno.test("Push does nothing while it is stopped", async () => {
  const clock = new FakeClock();
  const widget = new PushedWidget(clock);
  await widget.begin();
  widget.print();
  widget.push.stop();
  widget.poll();
  await clock.advance(100_000);
  assertEquals(widget.polls, []);
  assertEquals(clock.pending, 0);
  widget.push.start();
  widget.poll();
  await clock.advance(10);
  assert(widget.armed);
});
