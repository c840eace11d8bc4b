import { assertEquals } from "@std/assert";
import { Comm } from "../../../jupyter/comm.ts";
import { Outbox } from "../../../jupyter/outbox.ts";
import type { JsonObject, OlderItems } from "../../../jupyter/protocol.ts";
import { FakeClock } from "../fake_clock.ts";
import { TraitStore } from "../../../jupyter/trait_store.ts";

interface Traits {
  readonly lines: readonly unknown[];
  readonly first: number;
  readonly title: string;
}

/** A comm that records what it sends. */
class RecordedComm extends Comm {
  readonly states: unknown[] = [];

  override send(data: JsonObject): void {
    this.states.push(data.state);
  }
}

/** Numbers as items, from `first` to `end - 1`. */
function range(first: number, end: number): string[] {
  return Array.from({ length: end - first }, (_, i) => `${first + i}`);
}

/** An outbox with a sliding list of the numbers from 0 to `end - 1`. */
function open(end: number) {
  const sliding = { lines: "first" } as const;
  const initial: Traits = { lines: range(0, end), first: 0, title: "" };
  const traits = new TraitStore(initial, { sliding });
  const comm = new RecordedComm("test");
  const clock = new FakeClock();
  const outbox = new Outbox({
    comm,
    traits,
    schedule: (fn, ms) => clock.schedule(fn, ms),
  });
  comm.open({});
  /** Sets traits and returns the states that were sent. */
  const update = (values: Partial<Traits>) => {
    traits.update(values);
    outbox.flush();
    return comm.states.splice(0);
  };
  return { update, outbox, traits, clock, comm };
}

Deno.test("Outbox sends the new items of a long list", () => {
  const { update } = open(100);
  assertEquals(update({ lines: range(2, 102), first: 2 }), [{
    first: 2,
    lines_patch: { sequence: 1, start: 100, items: ["100", "101"] },
  }]);
  assertEquals(update({ lines: range(2, 103) }), [{
    lines_patch: { sequence: 2, start: 102, items: ["102"] },
  }]);
});

Deno.test("Outbox sends the last item again if it changed", () => {
  const { update } = open(100);
  const lines = [...range(0, 99), "99 and more", "100"];
  assertEquals(update({ lines }), [{
    lines_patch: { sequence: 1, start: 99, items: ["99 and more", "100"] },
  }]);
});

Deno.test("Outbox compares the last item by content", () => {
  const samples = (end: number) => range(0, end).map((time) => [time, null]);
  const { update } = open(0);
  update({ lines: samples(100) });
  assertEquals(update({ lines: samples(101) }), [{
    lines_patch: { sequence: 1, start: 100, items: [["100", null]] },
  }]);
});

Deno.test("Outbox sends identical items that have new numbers", () => {
  const { update } = open(0);
  const same = (length: number) => Array.from({ length }, () => "same");
  update({ lines: same(100) });
  assertEquals(update({ lines: same(100), first: 3 }), [{
    first: 3,
    lines_patch: { sequence: 1, start: 100, items: same(3) },
  }]);
  update({ lines: same(20), first: 83 });
  assertEquals(update({ lines: same(20), first: 84 }), [{
    first: 84,
    lines: same(20),
    lines_patch: { sequence: 3, start: 104, items: [], whole: true },
  }]);
});

Deno.test("Outbox sends a short list whole", () => {
  const { update } = open(20);
  const lines = range(1, 21);
  assertEquals(update({ lines, first: 1 }), [{ lines, first: 1 }]);
  const longest = range(1, 33);
  assertEquals(update({ lines: longest }), [{ lines: longest }]);
});

Deno.test("Outbox sends a list whole if no item is kept", () => {
  const { update } = open(100);
  const later = range(100, 200);
  assertEquals(update({ lines: later, first: 100 }), [{
    lines: later,
    first: 100,
  }]);
  // A smaller number breaks the contract, so nothing can be kept.
  const earlier = range(50, 250);
  assertEquals(update({ lines: earlier, first: 50 }), [{
    lines: earlier,
    first: 50,
  }]);
  const shorter = range(50, 150);
  assertEquals(update({ lines: shorter }), [{ lines: shorter }]);
});

Deno.test("Outbox sends nothing for a list that is set again", () => {
  const { update, traits } = open(100);
  const lines = range(0, 101);
  assertEquals(update({ lines }).length, 1);
  assertEquals(update({ lines }), []);
  assertEquals(update({ lines: traits.get("lines") }), []);
});

Deno.test("Outbox sends stale traits whole, even if they are unchanged", () => {
  const { update, outbox } = open(100);
  outbox.markStale(["title", "lines", "unknown"]);
  const lines = range(0, 101);
  assertEquals(update({ lines }), [{ title: "", lines }]);
  assertEquals(update({ title: "new" }), [{ title: "new" }]);
});

Deno.test("Outbox sends all traits for a resync", () => {
  const { update, outbox } = open(100);
  outbox.resync();
  assertEquals(update({}), [{ lines: range(0, 100), first: 0, title: "" }]);
  update({ lines: range(1, 101), first: 1 });
  outbox.resync();
  assertEquals(update({}), [{
    lines: range(1, 101),
    first: 1,
    title: "",
    lines_patch: { sequence: 2, start: 101, items: [], whole: true },
  }]);
});

Deno.test("Outbox numbers whole lists that follow a patch", () => {
  const { update, outbox } = open(100);
  assertEquals(outbox.initialState(), {
    lines: range(0, 100),
    first: 0,
    title: "",
  });
  update({ lines: range(0, 101) });
  assertEquals(update({ lines: range(500, 510), first: 500 }), [{
    lines: range(500, 510),
    first: 500,
    lines_patch: { sequence: 2, start: 510, items: [], whole: true },
  }]);
  assertEquals(
    outbox.initialState().lines_patch,
    { sequence: 2, start: 510, items: [], whole: true },
  );
});

/** Lines of 16 KB, each of which starts with its number. */
function longLines(first: number, end: number): string[] {
  return range(first, end).map((text) => text.padEnd(16_000));
}

/** The number of the first line, and that after the last one. */
function numbersOf(lines: unknown): [number, number] {
  const numbers = (lines as string[]).map((line) => parseInt(line));
  return [numbers[0], numbers.at(-1)! + 1];
}

Deno.test("Outbox sends the newest items of a large list, then older ones in chunks", async () => {
  const { update, outbox, clock, comm } = open(0);
  update({ lines: longLines(0, 100) });
  const { lines, first, lines_patch } = outbox.initialState();
  assertEquals([numbersOf(lines), first], [[83, 100], 0]);
  assertEquals(lines_patch, {
    sequence: 1,
    start: 100,
    items: [],
    whole: true,
  });
  await clock.advance(500);
  const chunks = comm.states as { lines_older: OlderItems }[];
  assertEquals(chunks.length, 1);
  await clock.advance(1000);
  assertEquals(
    chunks.map(({ lines_older: { start, items } }) => {
      return items.length > 0 ? numbersOf(items) : [start];
    }),
    [[50, 83], [17, 50], [0, 17], [0]],
  );
  assertEquals(clock.pending, 0);
});

Deno.test("Outbox sends no item of a large list that the list has dropped", async () => {
  const { update, clock, comm } = open(0);
  update({ lines: longLines(0, 100) });
  update({ lines: longLines(60, 160), first: 60 });
  await clock.advance(1000);
  const [chunk, end, ...others] = comm.states as { lines_older: OlderItems }[];
  assertEquals(numbersOf(chunk.lines_older.items), [60, 83]);
  assertEquals(end, { lines_older: { start: 60, items: [] } });
  assertEquals([others, clock.pending], [[], 0]);
});

Deno.test("Outbox sends no more items of a large list once its comm is closed", async () => {
  const { update, clock, comm } = open(0);
  update({ lines: longLines(0, 100) });
  comm.close();
  await clock.advance(1000);
  assertEquals([comm.states, clock.pending], [[], 0]);
});

Deno.test("Outbox sends traits that were added, and null for removed ones", () => {
  const { update, traits } = open(0);
  const untyped = traits as unknown as TraitStore<Record<string, unknown>>;
  const more = { more_lines: range(5, 45), more_first: 5, note: "new" };
  untyped.add(more, { more_lines: "more_first" });
  assertEquals(update({}), [more]);
  untyped.update({ more_lines: range(5, 46) });
  assertEquals(update({}), [{
    more_lines_patch: { sequence: 1, start: 45, items: ["45"] },
  }]);
  untyped.remove(["more_lines", "more_first", "missing"]);
  assertEquals(update({ title: "x" }), [{
    title: "x",
    more_lines: null,
    more_first: null,
  }]);
  assertEquals(Object.keys(traits.all()).sort(), [
    ...["first", "lines", "note", "title"],
  ]);
});

Deno.test("Outbox sends a sliding list that was removed and added again whole", () => {
  const { update, traits } = open(0);
  const untyped = traits as unknown as TraitStore<Record<string, unknown>>;
  const add = (values: JsonObject) =>
    untyped.add(values, { more_lines: "more_first" });
  add({ more_lines: range(0, 40), more_first: 0 });
  update({});
  untyped.update({ more_lines: range(0, 41) });
  update({});
  untyped.remove(["more_lines", "more_first"]);
  update({});
  add({ more_lines: range(0, 42), more_first: 0 });
  assertEquals(update({}), [{
    more_lines: range(0, 42),
    more_first: 0,
    more_lines_patch: { sequence: 2, start: 42, items: [], whole: true },
  }]);
});
