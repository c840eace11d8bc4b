import { assertEquals, assertStrictEquals } from "@std/assert";
import type { AnyModel } from "anywidget/types";
import { followList } from "../../../frontend/sliding_lists.ts";
import { applyPatch, type ListPatch } from "../../../frontend/list_patch.ts";

function fakeModel(list: string[]) {
  const traits: Record<string, unknown> = { list };
  const listeners: Record<string, () => void> = {};
  const model = {
    get: (trait: string) => traits[trait],
    on: (event: string, listener: () => void) => listeners[event] = listener,
  } as unknown as AnyModel<{ list: readonly string[] }>;
  const receive = (trait: string, value: unknown) => {
    traits[trait] = value;
    listeners[`change:${trait}`]();
  };
  return { model, receive };
}

Deno.test("followList keeps the model's list whole for later views", () => {
  const { model, receive } = fakeModel(["a", "b"]);
  const list = model.get("list");
  let seen: string[] = [];
  followList(model, "list", (patch: ListPatch<string>) => {
    seen = applyPatch(seen, patch);
  });
  assertEquals(seen, ["a", "b"]);
  receive("list_patch", { number: 1, drop: 1, keep: 1, items: ["c"] });
  receive("list_patch", { number: 2, drop: 0, keep: 1, items: ["cc", "d"] });
  assertEquals(seen, ["b", "cc", "d"]);
  assertEquals(model.get("list"), seen);
  assertStrictEquals(model.get("list"), list);

  receive("list", ["d", "e"]);
  assertEquals(seen, ["d", "e"]);
  receive("list_patch", { number: 3, drop: 0, keep: 2, items: ["f"] });
  assertEquals([model.get("list"), seen], [["d", "e", "f"], ["d", "e", "f"]]);
});
