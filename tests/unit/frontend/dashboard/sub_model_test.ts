import { assertEquals } from "@std/assert";
import { Details } from "../../../../frontend/dashboard/data/details.ts";
import { SubModel } from "../../../../frontend/dashboard/data/sub_model.ts";
import { dashboardTraits } from "../../dashboard_rows.ts";
import { RUNNING } from "../../traits.ts";
import { FakeModel } from "../fake_model.ts";

/** The traits of an expanded row; null to collapse it. */
function detail(id: string, traits: object | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...RUNNING, ...traits }).map(([trait, value]) => [
      `${id}/${trait}`,
      traits && value,
    ]),
  );
}

function setUp() {
  const fake = new FakeModel(dashboardTraits([{ name: "a" }, { name: "b" }]));
  return { fake, sub: new SubModel(fake.model, "p1") };
}

Deno.test("A SubModel has the traits of its row", () => {
  const { fake, sub } = setUp();
  assertEquals(sub.isReady, false);
  fake.receive({ ...detail("p1", { pid: 7 }), ...detail("p2", { pid: 8 }) });
  assertEquals(sub.isReady, true);
  assertEquals(sub.model.get("pid"), 7);
  fake.receive(detail("p1", null));
  assertEquals(sub.isReady, false);
});

Deno.test("A SubModel has empty lists where there are none", () => {
  const { model } = setUp().sub;
  assertEquals(model.get("stdout_lines"), []);
  assertEquals(model.get("usage_history"), []);
  assertEquals(model.get("controls"), []);
  assertEquals(model.get("stdout_first"), 0);
  assertEquals(model.get("pid"), null);
});

Deno.test("A SubModel emits the changes of its traits until it is closed", () => {
  const { fake, sub } = setUp();
  let changes = 0;
  const removed = () => changes++;
  sub.model.on("change:pid", () => changes++);
  sub.model.on("change:pid", removed);
  sub.model.off("change:pid", removed);
  fake.receive({ ...detail("p1", { pid: 7 }), ...detail("p2", { pid: 8 }) });
  assertEquals(changes, 1);
  sub.close();
  fake.receive(detail("p1", { pid: 9 }));
  assertEquals([changes, fake.listeners], [1, 0]);
});

Deno.test("A SubModel sends requests for its row", () => {
  const { fake, sub } = setUp();
  sub.model.send({ control: "restart" });
  assertEquals(fake.sent, [{ control: "restart", ids: ["p1"] }]);
});

Deno.test("Details follow the logs of expanded rows only", () => {
  const { fake } = setUp();
  const details = new Details(fake.model, undefined, () => {});
  const expand = (...ids: string[]) => {
    details.update(ids);
    return ["p1", "p2"].filter((id) => details.get(id));
  };
  assertEquals(expand("p1"), []);
  fake.receive(detail("p1", { stdout_lines: ["one"] }));
  assertEquals(expand("p1"), ["p1"]);
  const { rows } = details.get("p1")!.followed.logs;
  assertEquals(rows.stdout.list.map(({ text }) => text), ["one"]);
  assertEquals(expand(), []);
  assertEquals(fake.listeners, 0);
});

Deno.test("Details start over when the traits of a row arrive again", () => {
  const { fake } = setUp();
  const details = new Details(fake.model, undefined, () => {});
  const linesOf = (...lines: string[]) => {
    fake.receive(detail("p1", { stdout_lines: lines }));
    details.update(["p1"]);
    return details.get("p1")!.followed.logs.rows.stdout.list.length;
  };
  assertEquals(linesOf("one", "two"), 2);
  fake.receive(detail("p1", null));
  details.update(["p1"]);
  assertEquals(details.get("p1"), undefined);
  assertEquals(linesOf("three"), 1);
});
