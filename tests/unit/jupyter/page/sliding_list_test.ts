import { assertEquals, assertStrictEquals } from "@std/assert";
import type { AnyModel } from "anywidget/types";
import {
  followList,
  type ListChange,
} from "../../../../jupyter/page/sliding_list.ts";

interface Traits {
  readonly lines: readonly string[];
  readonly first: number;
}

/** A model that emits events as Backbone does: one for each trait that differs
 * by content, after all of them were set. */
class FakeModel {
  readonly #traits: Record<string, unknown>;
  readonly #listeners = new Map<string, () => void>();

  constructor(traits: Traits) {
    this.#traits = { ...traits };
  }

  get(trait: string): unknown {
    return this.#traits[trait];
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
function follow(lines: string[]) {
  const model = new FakeModel({ lines, first: 10 });
  const changes: ListChange<string>[] = [];
  followList(
    model as unknown as AnyModel<Traits>,
    "lines",
    "first",
    (change) => changes.push(change),
  );
  return { model, changes };
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
  const { model, changes } = follow(["a"]);
  model.receive({ lines_patch: { sequence: 1, start: 11, items: ["b"] } });
  model.receive({ lines: ["b", "c"], first: 11 });
  model.receive({ lines_patch: { sequence: 2, start: 13, items: ["d"] } });
  assertEquals(changes.slice(2), [
    { first: 11, start: 12, items: ["c"] },
    { first: 11, start: 13, items: ["d"] },
  ]);
  assertEquals(model.get("lines"), ["b", "c", "d"]);
});

Deno.test("followList omits items before a lost patch until it gets them", () => {
  const { model, changes } = follow(["a", "b"]);
  model.receive({ lines_patch: { sequence: 2, start: 20, items: ["k"] } });
  model.receive({ lines_patch: { sequence: 3, start: 21, items: ["l"] } });
  model.receive({ lines: ["j", "k", "l"], first: 19 });
  assertEquals(changes.slice(1), [
    { first: 20, start: 20, items: ["k"] },
    { first: 20, start: 21, items: ["l"] },
    { first: 19, start: 19, items: ["j", "k", "l"] },
  ]);
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
