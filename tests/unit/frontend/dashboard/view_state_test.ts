import { assertEquals } from "@std/assert";
import { ViewState } from "../../../../frontend/dashboard/data/view_state.ts";
import { dashboardTraits } from "../../dashboard_rows.ts";
import { FakeModel } from "../fake_model.ts";

function setUp(canSave = true) {
  const rows = Array.from({ length: 30 }, (_, at) => ({ name: `${at}` }));
  const fake = new FakeModel(dashboardTraits(rows));
  return { fake, view: new ViewState(fake.model, () => canSave) };
}

/** Waits until changes would have been sent. */
function saved(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}

Deno.test("ViewState changes traits at once, and sends several together", async () => {
  const { fake, view } = setUp();
  view.set("filter", { text: "w", statuses: [] });
  view.set("filter", { text: "we", statuses: [] });
  view.set("sort", { column: "cpu", descending: true });
  assertEquals([view.filter.text, view.sort.column], ["we", "cpu"]);
  assertEquals(fake.saved, 0);
  await saved();
  assertEquals(fake.saved, 1);
});

Deno.test("ViewState sends nothing where the kernel cannot be reached", async () => {
  const { fake, view } = setUp(false);
  view.set("filter", { text: "w", statuses: [] });
  await saved();
  assertEquals([view.filter.text, fake.saved], ["w", 0]);
});

Deno.test("ViewState expands rows and collapses them", async () => {
  const { fake, view } = setUp();
  view.toggleExpanded("p1");
  view.toggleExpanded("p2");
  view.toggleExpanded("p1");
  assertEquals(view.expanded, ["p2"]);
  fake.receive({ ids: ["p1"] });
  view.toggleExpanded("p1");
  assertEquals(view.expanded, ["p1"]);
  await saved();
});

Deno.test("ViewState collapses the first rows when too many are expanded", async () => {
  const { view } = setUp();
  for (let row = 1; row <= 22; row++) view.toggleExpanded(`p${row}`);
  assertEquals([view.expanded.length, view.expanded[0]], [20, "p3"]);
  await saved();
});
