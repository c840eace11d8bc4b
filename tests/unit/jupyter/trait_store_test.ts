import { assert, assertEquals, assertThrows } from "@std/assert";
import { Traits } from "../../../jupyter/trait_store.ts";

const initial = () => ({
  count: 0,
  label: null as string | null,
  list: [1, 2] as readonly number[],
  nested: { a: { b: [true] } } as unknown,
});

Deno.test("Traits tell what has changed, by content", () => {
  const traits = new Traits(initial());
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

Deno.test("Traits cannot be changed behind their back", () => {
  const list = [1, 2];
  const traits = new Traits({ list, nested: { a: [1] } });
  list.push(3);
  assertEquals(traits.get("list"), [1, 2]);
  assertThrows(() => traits.get("list").push(3), TypeError);
  assertThrows(() => traits.get("nested").a.push(2), TypeError);
  assertEquals(traits.update({ list }).length, 1);
});

Deno.test("Traits refuse what is not JSON, and name it", () => {
  const traits = new Traits<Record<string, unknown>>({ value: null });
  for (const value of [undefined, () => 1, 1n, NaN, Infinity, new Map()]) {
    assertThrows(() => traits.update({ value }), TypeError, "'value'");
  }
  const deep = { a: [{ b: undefined }] };
  assertThrows(() => traits.update({ value: deep }), TypeError, "value.a[0].b");
  assertEquals(traits.get("value"), null);
});

Deno.test("Traits keep all values when one is refused", () => {
  const traits = new Traits(initial(), {
    count: (value) => {
      if (value === 13) throw new RangeError("not 13");
      return Number(value);
    },
  });
  assertThrows(() => traits.update({ label: "x", count: 13 }), RangeError);
  assertEquals(traits.all(), initial());
  traits.update({ count: "7" as unknown as number });
  assertEquals(traits.get("count"), 7);
});

Deno.test("Traits name those they have when asked for another", () => {
  const traits = new Traits(initial());
  // @ts-expect-error there is no such trait
  const error = assertThrows(() => traits.get("cuont"), TypeError);
  assert(error.message.includes("'cuont'"));
  assert(error.message.includes("count, label, list, nested"));
  assertThrows(() => traits.get("toString" as "count"), TypeError);
});

Deno.test("Traits tell how they differ from earlier ones", () => {
  const traits = new Traits(initial());
  const earlier = traits.all();
  traits.update({ list: [], count: 5 });
  traits.update({ list: [1, 2] });
  assertEquals(traits.differences(earlier), { count: 5 });
});
