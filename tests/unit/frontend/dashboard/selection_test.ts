import { assertEquals } from "@std/assert";
import {
  extend,
  NOTHING,
  offering,
  type Selection,
  toggle,
  toggleAll,
} from "../../../../frontend/dashboard/data/selection.ts";
import { ENDED } from "../../dashboard_rows.ts";
import { entriesOf, namesOf } from "./entries_of.ts";

const SHOWN = "abcdefg".split("");

function selected({ ids }: Selection): string {
  return [...ids].sort().join("");
}

Deno.test("A click selects a row, a second one deselects it", () => {
  const one = toggle(NOTHING, "b");
  assertEquals(selected(one), "b");
  assertEquals(selected(toggle(one, "b")), "");
});

Deno.test("Shift and a click select all rows in between", () => {
  const two = toggle(NOTHING, "e");
  assertEquals(selected(extend(two, "c", SHOWN)), "cde");
  assertEquals(selected(extend(two, "g", SHOWN)), "efg");
});

Deno.test("Shift and a click deselect all rows in between after one was", () => {
  const all = toggleAll(NOTHING, SHOWN);
  const less = extend(toggle(all, "b"), "d", SHOWN);
  assertEquals(selected(less), "aefg");
});

Deno.test("Shift and a click select one row if nothing was selected before", () => {
  assertEquals(selected(extend(NOTHING, "c", SHOWN)), "c");
  const hidden = toggle(NOTHING, "x");
  assertEquals(selected(extend(hidden, "c", SHOWN)), "cx");
});

Deno.test("All shown rows are selected, then none", () => {
  const all = toggleAll(toggle(NOTHING, "b"), SHOWN);
  assertEquals(selected(all), "abcdefg");
  assertEquals(selected(toggleAll(all, SHOWN)), "");
});

Deno.test("A selection offers what makes sense for its rows", () => {
  const entries = entriesOf(
    { name: "runs" },
    { name: "ended", ...ENDED },
    { name: "watched", controls: [] },
    {
      name: "acts",
      action: { control: "restart", state: "running", reason: null },
    },
    {
      name: "fell",
      ...ENDED,
      action: { control: "start", state: "failed", reason: "no" },
    },
  );
  const names = (control: "start" | "terminate" | "remove") =>
    namesOf(offering(entries, control));
  assertEquals(names("start"), ["ended", "fell"]);
  assertEquals(names("terminate"), ["runs"]);
  assertEquals(names("remove"), ["ended", "fell", "runs"]);
});
