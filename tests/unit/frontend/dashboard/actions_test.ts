import { assertEquals } from "@std/assert";
import { Actions } from "../../../../frontend/dashboard/data/actions.ts";
import { EntryStore } from "../../../../frontend/dashboard/data/entries.ts";
import type { RowAction } from "../../../../widget/dashboard/traits.ts";
import { dashboardTraits, RUNNING_ROW } from "../../dashboard_rows.ts";
import { FakeModel } from "../fake_model.ts";

function setUp() {
  const fake = new FakeModel(
    dashboardTraits([{ name: "a" }, { name: "b" }, { name: "c" }]),
  );
  const entries = new EntryStore(fake.model);
  const actions = new Actions(fake.model, entries);
  /** Receives the state of an action on rows. */
  const receive = (state: RowAction["state"] | null, ...ids: string[]) => {
    const action: RowAction | null = state &&
      { control: "terminate", state, reason: null };
    for (const id of ids) {
      fake.receive({ [`row:${id}`]: { ...RUNNING_ROW, action } });
    }
    entries.update();
    actions.update();
  };
  return { fake, entries, actions, receive };
}

Deno.test("Actions wait until the kernel has accepted a request", async () => {
  const { fake, actions } = setUp();
  actions.begin("terminate", ["p1"]);
  assertEquals(fake.sent, [{ control: "terminate", ids: ["p1"] }]);
  const sending = () => ["p1", "p2"].map((id) => actions.isSending(id));
  assertEquals([actions.isWaiting, ...sending()], [true, true, false]);
  await fake.settle();
  assertEquals([actions.isWaiting, ...sending()], [false, false, false]);
});

Deno.test("Actions keep why a request was refused until the next one", async () => {
  const { fake, actions } = setUp();
  actions.begin("terminate", ["p1"]);
  await fake.settle(new Error("Cannot terminate 'a' as it is not offered"));
  assertEquals(actions.refusal, "Cannot terminate 'a' as it is not offered");
  actions.poll();
  assertEquals(actions.refusal, null);
  await fake.settle();
});

Deno.test("Actions report how many processes they have changed", async () => {
  const { fake, actions, receive } = setUp();
  actions.begin("terminate", ["p1", "p2", "p3"]);
  await fake.settle();
  receive("running", "p1", "p2", "p3");
  receive(null, "p1", "p2");
  assertEquals(actions.result, "");
  receive("failed", "p3");
  assertEquals(actions.result, "Terminated 2 processes, 1 failed");
});

Deno.test("Actions count rows that leave as done", async () => {
  const { fake, entries, actions, receive } = setUp();
  actions.begin("terminate", ["p1"]);
  await fake.settle();
  receive("running", "p1");
  fake.receive({ ids: ["p2", "p3"] });
  entries.update();
  actions.update();
  assertEquals(actions.result, "Terminated 1 process");
});

Deno.test("Actions tell whether the kernel has accepted a new process", async () => {
  const { fake, actions } = setUp();
  const values = { name: "web", command: "", cwd: "", env: "", ttl: "" };
  const first = actions.create("r1", values);
  assertEquals(fake.sent, [{ control: "create", request: "r1", values }]);
  await fake.settle();
  assertEquals(await first, true);
  const second = actions.create("r2", values);
  await fake.settle(new Error("Cannot create two processes at a time"));
  assertEquals(await second, false);
});
