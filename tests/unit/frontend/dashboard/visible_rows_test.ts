import { assertEquals } from "@std/assert";
import { VisibleRows } from "../../../../frontend/dashboard/data/visible_rows.ts";
import type { DashboardRequest } from "../../../../widget/dashboard/traits.ts";

function setUp() {
  const sent: string[] = [];
  const state = { reachable: true };
  const rows = new VisibleRows((request: DashboardRequest) => {
    if (state.reachable && request.control === "visible") {
      sent.push(request.ids.join(""));
    }
    return state.reachable;
  });
  return { rows, sent, state };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("VisibleRows sends the latest rows, at most twice a second", async () => {
  const { rows, sent } = setUp();
  rows.report(["a", "b"]);
  rows.report(["b", "c", "b"]);
  await wait(20);
  assertEquals(sent, ["bc"]);
  for (const id of "defg") rows.report([id]);
  await wait(20);
  assertEquals(sent, ["bc"]);
  await wait(600);
  assertEquals(sent, ["bc", "g"]);
  rows.close();
});

Deno.test("VisibleRows sends nothing while the same rows are in sight", async () => {
  const { rows, sent } = setUp();
  rows.report(["a", "b"]);
  await wait(20);
  rows.report(["b", "a"]);
  await wait(600);
  assertEquals(sent, ["ab"]);
  rows.close();
});

Deno.test("VisibleRows reports when the view closes", async () => {
  const { rows, sent } = setUp();
  rows.report(["a"]);
  await wait(20);
  rows.close();
  assertEquals(sent, ["a", ""]);
});

Deno.test("VisibleRows sends the rows once the kernel can be reached", async () => {
  const { rows, sent, state } = setUp();
  state.reachable = false;
  rows.report(["a"]);
  await wait(20);
  state.reachable = true;
  rows.report(["a"]);
  await wait(20);
  assertEquals(sent, ["a"]);
  rows.close();
});
