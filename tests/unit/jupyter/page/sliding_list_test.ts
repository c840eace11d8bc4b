import { assertEquals, assertStrictEquals } from "@std/assert";
import type { AnyModel } from "anywidget/types";
import {
  followList,
  type ListChange,
} from "../../../../jupyter/page/sliding_list.ts";
import type { ListPatch } from "../../../../jupyter/protocol.ts";

interface Traits {
  readonly lines: readonly string[];
  readonly first: number;
  readonly lines_patch?: ListPatch<string>;
}

/** A model that emits events as Backbone does: one for each trait that differs
 * by content, after all of them were set. */
class FakeModel {
  readonly #traits: Record<string, unknown>;
  readonly #listeners = new Map<string, () => void>();

  constructor(traits: Traits) {
    this.#traits = { ...traits };
  }

  /** Whether each access returns another copy of a value. */
  copies = false;

  get(trait: string): unknown {
    const value = this.#traits[trait];
    return this.copies && value ? structuredClone(value) : value;
  }

  /** Returns what a notebook saves. */
  toJSON(): Traits {
    return JSON.parse(JSON.stringify(this.#traits));
  }

  on(event: string, listener: () => void): void {
    this.#listeners.set(event, listener);
  }

  receive(state: Record<string, unknown>): void {
    const changed = Object.keys(state).filter((trait) =>
      JSON.stringify(this.#traits[trait]) !== JSON.stringify(state[trait])
    );
    Object.assign(this.#traits, state);
    for (const trait of changed) this.#listeners.get(`change:${trait}`)?.();
  }
}

/** Follows `lines` from a list that begins at number 10. */
function follow(lines: string[], lines_patch?: ListPatch<string>) {
  const model = new FakeModel({ lines, first: 10, lines_patch });
  const changes: ListChange<string>[] = [];
  /** The first numbers of the changes after a gap. */
  const gaps: number[] = [];
  const list = followList(
    model as unknown as AnyModel<Traits>,
    "lines",
    "first",
    (change, isAfterGap) => {
      changes.push(change);
      if (isAfterGap) gaps.push(change.start);
    },
  );
  return { model, changes, gaps, list };
}

Deno.test("followList reports the whole list first", () => {
  const { changes } = follow(["a", "b"]);
  assertEquals(changes, [{ first: 10, start: 10, items: ["a", "b"] }]);
});

Deno.test("followList reports of a whole list only what is new", () => {
  const { model, changes } = follow(["a", "b"]);
  model.receive({ lines: ["b", "c"], first: 11 });
  model.receive({ lines: ["b", "c", "d"] });
  model.receive({ lines: ["c", "d..", "e"], first: 12 });
  assertEquals(changes.slice(1), [
    { first: 11, start: 12, items: ["c"] },
    { first: 11, start: 13, items: ["d"] },
    { first: 12, start: 13, items: ["d..", "e"] },
  ]);
});

Deno.test("followList reports all of a list that shares no item", () => {
  const { model, changes } = follow(["a", "b"]);
  model.receive({ lines: ["x", "y"], first: 12 });
  model.receive({ lines: [], first: 14 });
  model.receive({ lines: ["z"] });
  assertEquals(changes.slice(1), [
    { first: 12, start: 12, items: ["x", "y"] },
    { first: 14, start: 14, items: [] },
    { first: 14, start: 14, items: ["z"] },
  ]);
});

Deno.test("followList reports identical items that have new numbers", () => {
  const { model, changes } = follow(["same", "same"]);
  model.receive({ lines: ["same", "same"], first: 11 });
  assertEquals(changes.slice(1), [{ first: 11, start: 12, items: ["same"] }]);
});

Deno.test("followList applies patches to the array that the model holds", () => {
  const { model, changes } = follow(["a", "b"]);
  const list = model.get("lines");
  model.receive({
    first: 11,
    lines_patch: { sequence: 1, start: 12, items: ["c"] },
  });
  model.receive({
    lines_patch: { sequence: 2, start: 12, items: ["cc", "d"] },
  });
  model.receive({
    first: 13,
    lines_patch: { sequence: 3, start: 14, items: [] },
  });
  assertEquals(changes.slice(1), [
    { first: 11, start: 12, items: ["c"] },
    { first: 11, start: 12, items: ["cc", "d"] },
    { first: 13, start: 14, items: [] },
  ]);
  assertEquals(model.get("lines"), ["d"]);
  assertStrictEquals(model.get("lines"), list);
});

Deno.test("followList continues after a whole list that follows a patch", () => {
  const { model, changes, gaps } = follow(["a"]);
  model.receive({ lines_patch: { sequence: 1, start: 11, items: ["b"] } });
  model.receive({
    lines: ["b", "c"],
    first: 11,
    lines_patch: { sequence: 2, start: 13, items: [], whole: true },
  });
  model.receive({ lines_patch: { sequence: 3, start: 13, items: ["d"] } });
  assertEquals(changes.slice(2), [
    { first: 11, start: 12, items: ["c"] },
    { first: 11, start: 13, items: ["d"] },
  ]);
  assertEquals(model.get("lines"), ["b", "c", "d"]);
  assertEquals(gaps, []);
});

Deno.test("followList omits items before a lost patch until it gets them", () => {
  const { model, changes, gaps } = follow(["a", "b"]);
  model.receive({ lines_patch: { sequence: 2, start: 20, items: ["k"] } });
  model.receive({ lines_patch: { sequence: 3, start: 21, items: ["l"] } });
  model.receive({
    lines: ["j", "k", "l"],
    first: 19,
    lines_patch: { sequence: 4, start: 22, items: [], whole: true },
  });
  assertEquals(changes.slice(1), [
    { first: 20, start: 20, items: ["k"] },
    { first: 20, start: 21, items: ["l"] },
    { first: 19, start: 19, items: ["j", "k", "l"] },
  ]);
  assertEquals(gaps, [20]);
});

Deno.test("followList detects a lost patch by its sequence number", () => {
  const { model, changes, gaps } = follow(["a", "b", "c"]);
  // The lost patch may have changed the last item, which this one keeps.
  model.receive({ lines_patch: { sequence: 2, start: 13, items: ["d"] } });
  assertEquals(changes[1], { first: 13, start: 13, items: ["d"] });
  // This one replaces every item that may have changed.
  model.receive({ lines_patch: { sequence: 3, start: 14, items: ["e"] } });
  model.receive({ lines_patch: { sequence: 5, start: 14, items: ["E", "f"] } });
  assertEquals(changes[3], { first: 13, start: 14, items: ["E", "f"] });
  assertEquals(gaps, [13, 14]);
});

Deno.test("followList detects a whole list that was lost together with a patch", () => {
  const { model, changes, gaps, list } = follow(["a", "b"]);
  model.receive({ lines_patch: { sequence: 1, start: 12, items: ["c"] } });
  // The host passed on the whole list of number 2 with the patch of number 3.
  model.receive({
    lines: ["x", "y"],
    first: 31,
    lines_patch: { sequence: 3, start: 32, items: ["z"] },
  });
  assertEquals(changes[2], { first: 32, start: 32, items: ["z"] });
  assertEquals(list.items, ["z"]);
  assertEquals(gaps, [32]);
});

Deno.test("followList shows only the last patch if the list is older", () => {
  const lines_patch = { sequence: 7, start: 80, items: ["y", "z"] };
  const { model, changes, gaps, list } = follow(["a", "b"], lines_patch);
  assertEquals(changes, [{ first: 80, start: 80, items: ["y", "z"] }]);
  assertEquals(gaps, [80]);
  model.receive({ lines_patch: { sequence: 8, start: 82, items: ["!"] } });
  assertEquals(list.items, ["y", "z", "!"]);
  assertEquals(model.get("lines"), ["a", "b"]);
});

Deno.test("followList continues with a saved model that applied its patches", () => {
  const { model } = follow(["a", "b"]);
  const lines_patch = { sequence: 1, start: 12, items: ["c"] };
  model.receive({ first: 11, lines_patch });
  const saved = model.toJSON();
  assertEquals(saved, {
    lines: ["b", "c"],
    first: 11,
    lines_patch: { ...lines_patch, whole: true },
  });
  const later = new FakeModel(saved);
  const changes: unknown[] = [];
  followList(
    later as unknown as AnyModel<Traits>,
    "lines",
    "first",
    (change) => changes.push(change),
  );
  assertEquals(changes, [{ first: 11, start: 11, items: ["b", "c"] }]);
});

Deno.test("followList keeps its own list where a model returns copies", () => {
  const { model, changes, gaps, list } = follow(["a", "b"]);
  model.copies = true;
  model.receive({
    first: 11,
    lines_patch: { sequence: 1, start: 12, items: ["c"] },
  });
  model.receive({
    first: 12,
    lines_patch: { sequence: 2, start: 13, items: ["d"] },
  });
  assertEquals(changes.slice(1), [
    { first: 11, start: 12, items: ["c"] },
    { first: 12, start: 13, items: ["d"] },
  ]);
  assertEquals(list.items, ["c", "d"]);
  assertEquals(gaps, []);
});

Deno.test("followList patches an equal array that replaced the model's", () => {
  const { model, changes } = follow(["a", "b"]);
  const equal = ["a", "b"];
  model.receive({ lines: equal });
  assertEquals(changes.length, 1);
  model.receive({
    first: 11,
    lines_patch: { sequence: 1, start: 12, items: ["c"] },
  });
  assertEquals(changes.slice(1), [{ first: 11, start: 12, items: ["c"] }]);
  assertEquals(equal, ["b", "c"]);
  assertStrictEquals(model.get("lines"), equal);
});

/** Follows a list that has numbers 0 to 13, of which the page has 10 to 13. */
function followTail() {
  const followed = follow(["a", "b", "c", "d"]);
  const { model, changes } = followed;
  model.receive({
    lines: ["a", "b", "c", "d"],
    first: 0,
    lines_patch: { sequence: 1, start: 14, items: [], whole: true },
  });
  changes.splice(0);
  return followed;
}

Deno.test("followList puts older items in front", () => {
  const { model, changes, gaps } = followTail();
  model.receive({ lines_older: { start: 8, items: ["8", "9"] } });
  model.receive({ lines_patch: { sequence: 2, start: 14, items: ["e"] } });
  // It has one of these already.
  model.receive({ lines_older: { start: 6, items: ["6", "7", "8"] } });
  model.receive({ lines_older: { start: 7, items: ["7"] } });
  assertEquals(changes, [
    { first: 8, start: 8, items: ["8", "9"], older: true },
    { first: 8, start: 14, items: ["e"] },
    { first: 6, start: 6, items: ["6", "7"], older: true },
  ]);
  assertEquals(gaps, []);
  const saved = model.toJSON();
  assertEquals(saved.lines, ["6", "7", "8", "9", "a", "b", "c", "d", "e"]);
  assertEquals((saved as { lines_older?: unknown }).lines_older, {
    start: 7,
    items: [],
  });
});

Deno.test("followList drops older items that have left the list", () => {
  const { model, changes } = followTail();
  model.receive({
    first: 9,
    lines_patch: { sequence: 2, start: 14, items: ["e"] },
  });
  model.receive({ lines_older: { start: 8, items: ["8", "9"] } });
  assertEquals(changes[1], {
    first: 9,
    start: 9,
    items: ["9"],
    older: true,
  });
});

Deno.test("followList reports a gap before older items", () => {
  const { model, changes, gaps, list } = followTail();
  model.receive({ lines_older: { start: 7, items: ["7", "8"] } });
  assertEquals(changes, [{ first: 10, start: 10, items: [], older: true }]);
  // The last one is empty.
  model.receive({ lines_older: { start: 0, items: [] } });
  assertEquals(gaps, [10, 10]);
  assertEquals(list.items, ["a", "b", "c", "d"]);
});

Deno.test("followList keeps older items when it gets the newest ones again", () => {
  const { model, changes, list } = followTail();
  model.receive({ lines_older: { start: 8, items: ["8", "9"] } });
  model.receive({
    lines: ["c", "d..", "e"],
    first: 9,
    lines_patch: { sequence: 2, start: 15, items: [], whole: true },
  });
  assertEquals(changes[1], { first: 9, start: 13, items: ["d..", "e"] });
  assertEquals(list.items, ["9", "a", "b", "c", "d..", "e"]);
  assertStrictEquals(model.get("lines"), list.items);
});

Deno.test("followList continues with a saved model that lacks older items", () => {
  const saved = followTail().model.toJSON();
  const later = new FakeModel(saved);
  const changes: unknown[] = [];
  followList(
    later as unknown as AnyModel<Traits>,
    "lines",
    "first",
    (change) => changes.push(change),
  );
  assertEquals(changes, [
    { first: 10, start: 10, items: ["a", "b", "c", "d"] },
  ]);
});
