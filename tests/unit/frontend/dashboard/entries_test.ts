import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  cpuOf,
  EntryStore,
  memoryOf,
} from "../../../../frontend/dashboard/data/entries.ts";
import { dashboardTraits, ENDED, RUNNING_ROW } from "../../dashboard_rows.ts";
import { FakeModel } from "../fake_model.ts";
import { entriesOf, namesOf } from "./entries_of.ts";

function setUp(...names: string[]) {
  const fake = new FakeModel(dashboardTraits(names.map((name) => ({ name }))));
  return { fake, store: new EntryStore(fake.model) };
}

Deno.test("EntryStore sorts rows by name, with numbers by value", () => {
  const { store } = setUp("web-10", "Zoe", "web-9", "adam");
  assertEquals(namesOf(store.entries), ["adam", "web-9", "web-10", "Zoe"]);
});

Deno.test("EntryStore keeps all entries but those that changed", () => {
  const { fake, store } = setUp("a", "b");
  const [a, b] = store.entries;
  fake.receive({ "row:p2": { ...RUNNING_ROW, name: "b", pid: 7 } });
  assert(store.update());
  assertStrictEquals(store.entries[0], a);
  assertEquals(store.entries[1].row.pid, 7);
  assert(store.entries[1] !== b);
  fake.receive({ "usage:p1": [[1, 2, 3]] });
  assert(store.update());
  assertEquals(store.entries[0].usage, [[1, 2, 3]]);
});

Deno.test("EntryStore keeps the list when nothing changed", () => {
  const { fake, store } = setUp("a", "b");
  const { entries } = store;
  fake.receive({ error: "Cannot read" });
  assert(!store.update());
  assertStrictEquals(store.entries, entries);
});

Deno.test("EntryStore sorts again when a process is renamed", () => {
  const { fake, store } = setUp("a", "b");
  fake.receive({ "row:p1": { ...RUNNING_ROW, name: "c" } });
  store.update();
  assertEquals(namesOf(store.entries), ["b", "c"]);
});

Deno.test("EntryStore adds and removes rows", () => {
  const { fake, store } = setUp("a", "c");
  fake.receive({
    ids: ["p2", "p9"],
    "row:p9": { ...RUNNING_ROW, name: "b" },
    "usage:p9": [],
  });
  assert(store.update());
  assertEquals(namesOf(store.entries), ["b", "c"]);
  assertEquals(store.get("p1"), undefined);
});

Deno.test("EntryStore shows a row as soon as its traits arrive", () => {
  const { fake, store } = setUp("a");
  fake.receive({ ids: ["p1", "p9"] });
  store.update();
  assertEquals(namesOf(store.entries), ["a"]);
  fake.receive({ "row:p9": { ...RUNNING_ROW, name: "b" } });
  store.update();
  assertEquals(namesOf(store.entries), ["a", "b"]);
  fake.receive({ "row:p9": null });
  store.update();
  assertEquals(namesOf(store.entries), ["a"]);
});

Deno.test("EntryStore measures how often a process reports its health", () => {
  const { fake, store } = setUp("a");
  const report = (health_timestamp: number) => {
    fake.receive({ "row:p1": { ...RUNNING_ROW, health_timestamp } });
    store.update();
    return store.entries[0].reportInterval;
  };
  assertEquals(report(1_000_000), 5000);
  assertEquals(report(1_020_000), 20_000);
});

Deno.test("The current usage is that of the last sample while a process runs", () => {
  const usage = [[1, 10, 100], [5, 20, 200]] as const;
  const [running, ended] = entriesOf(
    { name: "a", usage },
    { name: "b", usage, ...ENDED },
  );
  assertEquals([cpuOf(running), memoryOf(running)], [20, 200]);
  assertEquals([cpuOf(ended), memoryOf(ended)], [null, null]);
});
