import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Comm } from "../../../../jupyter/comm.ts";
import { Outbox } from "../../../../jupyter/outbox.ts";
import {
  type FollowedList,
  followList,
} from "../../../../jupyter/page/sliding_list.ts";
import type { JsonObject } from "../../../../jupyter/protocol.ts";
import { TraitStore } from "../../../../jupyter/trait_store.ts";
import { FakeClock } from "../../fake_clock.ts";
import { FakeModel } from "../../frontend/fake_model.ts";

interface Traits {
  readonly lines: readonly string[];
  readonly first: number;
}

/** Number of lines that the list keeps. */
const LIMIT = 80;

/** Length of a line: a large list has many chunks. */
const LENGTH = 16_000;

type Step =
  /** Lines are added, and the last one is completed. */
  | { readonly do: "grow"; readonly count: number }
  /** The next message is lost. */
  | { readonly do: "lose" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "resync" }
  /** The page is reloaded. */
  | { readonly do: "reload" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("grow" as const),
    count: fc.constantFrom(0, 1, 5, 40, 100),
  }),
  fc.record({
    do: fc.constant("wait" as const),
    ms: fc.constantFrom(10, 100, 600),
  }),
  fc.constantFrom(
    { do: "lose" as const },
    { do: "resync" as const },
    { do: "reload" as const },
  ),
);

/** A kernel's list, and a page that follows it. */
class Run {
  readonly #clock = new FakeClock();
  readonly #traits = new TraitStore<Traits>({ lines: [], first: 0 }, {
    sliding: { lines: "first" },
  });
  readonly #comm = new Comm("test");
  readonly #outbox: Outbox<Traits>;
  #model!: FakeModel<Traits>;
  #list: FollowedList<string> = { items: [] };
  /** What the page's listeners know from the changes alone. */
  #shown: string[] = [];
  #shownFirst = 0;
  #loses = 0;
  #end = 0;

  constructor() {
    this.#comm.open({});
    this.#comm.send = ({ state }) => {
      if (this.#loses > 0) this.#loses--;
      else this.#model.receive(copyOf(state));
    };
    this.#outbox = new Outbox({
      comm: this.#comm,
      traits: this.#traits,
      schedule: (fn, ms) => this.#clock.schedule(fn, ms),
    });
    this.#load();
    // From now on every change has a sequence number.
    this.#grow(40);
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "grow":
        return this.#grow(step.count);
      case "lose":
        this.#loses = 1;
        return;
      case "wait":
        return await this.#clock.advance(step.ms);
      case "resync":
        return this.#outbox.resync();
      case "reload":
        return this.#load();
    }
  }

  /** Lets everything arrive. */
  async settle(): Promise<void> {
    this.#loses = 0;
    this.#grow(1);
    await this.#clock.advance(60_000);
    assertEquals(this.#clock.pending, 0);
    assertEquals(summaryOf(this.#list.items), summaryOf(this.lines));
    this.check();
  }

  /** Checks that what the page has is right, though items may be missing. */
  check(): void {
    const { items } = this.#list;
    assertEquals(summaryOf(items), summaryOf(this.#shown));
    if (items.length > 0) assertEquals(parseInt(items[0]), this.#shownFirst);
    for (const [at, line] of items.slice(0, -1).entries()) {
      assert(line === lineOf(this.#shownFirst + at, true));
    }
  }

  get lines(): readonly string[] {
    return this.#traits.get("lines");
  }

  #grow(count: number): void {
    this.#end += count;
    const first = Math.max(0, this.#end - LIMIT);
    const lines = Array.from(
      { length: this.#end - first },
      (_, at) => lineOf(first + at, first + at < this.#end - 1),
    );
    this.#traits.update({ lines, first });
    this.#outbox.flush();
  }

  #load(): void {
    this.#model = new FakeModel(copyOf<Traits>(this.#outbox.initialState()));
    this.#shown = [];
    this.#list = followList(
      this.#model.model,
      "lines",
      "first",
      ({ first, start, items, older }, isAfterGap) => {
        if (older) this.#shown.unshift(...items);
        else if (
          start < this.#shownFirst ||
          start > this.#shownFirst + this.#shown.length
        ) this.#shown = [...items];
        else {
          this.#shown.splice(start - this.#shownFirst, Infinity, ...items);
          this.#shown.splice(0, Math.max(0, first - this.#shownFirst));
        }
        this.#shownFirst = first;
        if (isAfterGap) {
          this.#clock.schedule(() => this.#outbox.resync(), 100);
        }
      },
    );
  }
}

function lineOf(number: number, isComplete: boolean): string {
  return `${number} ${isComplete ? "." : ""}`.padEnd(LENGTH);
}

function summaryOf(lines: readonly string[]): unknown {
  return [lines.length, lines[0]?.trim(), lines.at(-1)?.trim()];
}

/** Returns a copy, as a page receives it. */
function copyOf<State = JsonObject>(state: unknown): State {
  return JSON.parse(JSON.stringify(state));
}

Deno.test("A page gets a large list in the end, whatever messages are lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const run = new Run();
      for (const step of steps) {
        await run.take(step);
        run.check();
      }
      await run.settle();
    }),
    { numRuns: 200 },
  );
});
