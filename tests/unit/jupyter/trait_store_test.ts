import { assert, assertEquals, assertThrows } from "@std/assert";
import { TraitStore } from "../../../jupyter/trait_store.ts";

const initial = () => ({
  count: 0,
  label: null as string | null,
  list: [1, 2] as readonly number[],
  nested: { a: { b: [true] } } as unknown,
});

Deno.test("TraitStore compares values by content", () => {
  const traits = new TraitStore(initial());
  assertEquals(traits.update({ count: 0, list: [1, 2] }), []);
  assertEquals(traits.update({ nested: { a: { b: [true] } } }), []);
  assertEquals(traits.update({ count: 1, label: "x", list: [1, 2] }), [
    { trait: "count", value: 1, previous: 0 },
    { trait: "label", value: "x", previous: null },
  ]);
  assertEquals(traits.update({ list: [1, 2, 3] }), [
    { trait: "list", value: [1, 2, 3], previous: [1, 2] },
  ]);
});

Deno.test("TraitStore protects its values from changes in place", () => {
  const list = [1, 2];
  const traits = new TraitStore({ list, nested: { a: [1] } });
  list.push(3);
  assertEquals(traits.get("list"), [1, 2]);
  assertThrows(() => traits.get("list").push(3), TypeError);
  assertThrows(() => traits.get("nested").a.push(2), TypeError);
  assertEquals(traits.update({ list }).length, 1);
});

Deno.test("TraitStore rejects values that are not JSON and names them", () => {
  const traits = new TraitStore<Record<string, unknown>>({ value: null });
  for (const value of [undefined, () => 1, 1n, NaN, Infinity, new Map()]) {
    assertThrows(() => traits.update({ value }), TypeError, "'value'");
  }
  const deep = { a: [{ b: undefined }] };
  assertThrows(() => traits.update({ value: deep }), TypeError, "value.a[0].b");
  assertEquals(traits.get("value"), null);
});

Deno.test("TraitStore sets no trait when one value is invalid", () => {
  const traits = new TraitStore(initial(), {
    checks: {
      count: (value) => {
        if (value === 13) throw new RangeError("not 13");
        return Number(value);
      },
    },
  });
  assertThrows(() => traits.update({ label: "x", count: 13 }), RangeError);
  assertEquals(traits.all(), initial());
  traits.update({ count: "7" as unknown as number });
  assertEquals(traits.get("count"), 7);
});

Deno.test("TraitStore lists its traits in the error for an unknown one", () => {
  const traits = new TraitStore(initial());
  // @ts-expect-error the trait does not exist
  const error = assertThrows(() => traits.get("cuont"), TypeError);
  assert(error.message.includes("'cuont'"));
  assert(error.message.includes("count, label, list, nested"));
  assertThrows(() => traits.get("toString" as "count"), TypeError);
});

Deno.test("TraitStore returns the differences from earlier values", () => {
  const traits = new TraitStore(initial());
  const earlier = traits.all();
  traits.update({ list: [], count: 5 });
  traits.update({ list: [1, 2] });
  assertEquals(traits.differences(earlier), { count: 5 });
});

interface SlidingTraits {
  readonly lines: readonly string[];
  readonly first: number;
}

Deno.test("TraitStore compares sliding lists by identity", () => {
  const lines = ["a", "a"];
  const traits = new TraitStore<SlidingTraits>({ lines, first: 0 }, {
    sliding: { lines: "first" },
  });
  const earlier = traits.all();
  assertEquals(traits.update({ lines, first: 0 }), []);
  assertEquals(traits.differences(earlier), {});
  const equal = [...lines];
  assertEquals(traits.update({ lines: equal }).length, 1);
  assertEquals(traits.update({ lines: equal }), []);
  assertEquals(traits.differences(earlier), { lines: ["a", "a"] });
});

Deno.test("TraitStore returns a sliding list whose first number differs", () => {
  const traits = new TraitStore<SlidingTraits>({ lines: ["a"], first: 0 }, {
    sliding: { lines: "first" },
  });
  const earlier = traits.all();
  traits.update({ first: 1 });
  assertEquals(traits.differences(earlier), { lines: ["a"], first: 1 });
});
