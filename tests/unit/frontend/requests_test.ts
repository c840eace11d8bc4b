import { assertEquals } from "@std/assert";
import { Requests } from "../../../frontend/controls/requests.ts";
import { RUNNING } from "../traits.ts";
import { FakeModel } from "./fake_model.ts";

function setUp() {
  const fake = new FakeModel(RUNNING);
  const requests = new Requests(fake.model);
  const states: (string | null)[] = [];
  requests.addEventListener("change", () => {
    const { waiting, refusal } = requests.state;
    states.push(waiting ?? refusal);
  });
  return { fake, requests, states };
}

Deno.test("Requests sends a control and waits for the kernel", async () => {
  const { fake, requests, states } = setUp();
  requests.invoke("poll");
  assertEquals(fake.sent, [{ control: "poll" }]);
  assertEquals(requests.state, { waiting: "poll", refusal: null });
  await fake.settle();
  assertEquals(requests.state, { waiting: null, refusal: null });
  assertEquals(states, ["poll", null]);
});

Deno.test("Requests sends one request at a time", async () => {
  const { fake, requests } = setUp();
  requests.invoke("poll");
  requests.invoke("restart");
  requests.change("settings", { lines: 5 });
  assertEquals([fake.sent, fake.saved], [[{ control: "poll" }], 0]);
  await fake.settle();
  requests.invoke("restart");
  assertEquals(fake.sent.at(-1), { control: "restart" });
  await fake.settle();
});

Deno.test("Requests confirms a change when the kernel accepts it", async () => {
  const { fake, requests } = setUp();
  requests.change("pause", { polling_active: false });
  assertEquals(fake.model.get("polling_active"), false);
  assertEquals(fake.saved, 1);
  fake.receive({ uptime: "3h 13m" });
  assertEquals(requests.confirmed.polling_active, true);
  await fake.settle();
  assertEquals(requests.confirmed.polling_active, false);
});

Deno.test("Requests keeps the confirmed value of a change that is refused", async () => {
  const { fake, requests } = setUp();
  requests.change("settings", { polling_interval: 0.001, lines: 20 });
  await fake.settle(new Error("at least 50 ms"));
  assertEquals(requests.state, { waiting: null, refusal: "at least 50 ms" });
  assertEquals(requests.confirmed.polling_interval, 1);
  requests.change("settings", { lines: 5 });
  assertEquals(requests.state, { waiting: "settings", refusal: null });
  await fake.settle();
  assertEquals(requests.confirmed, {
    polling_active: true,
    polling_interval: 1,
    lines: 5,
  });
});

Deno.test("Requests confirms what the kernel reports while a change waits", async () => {
  const { fake, requests } = setUp();
  requests.change("settings", { polling_interval: 0.25, lines: 3 });
  fake.receive({ lines: 50 });
  assertEquals(requests.confirmed, {
    polling_active: true,
    polling_interval: 1,
    lines: 50,
  });
  await fake.settle();
  assertEquals(requests.confirmed, {
    polling_active: true,
    polling_interval: 0.25,
    lines: 50,
  });
});

Deno.test("Requests confirms a change at once where there is no result to await", async () => {
  const { fake, requests } = setUp();
  const model = fake.model;
  const plain = { ...model, save_changes: () => {} };
  const local = new Requests(plain);
  await local.change("pause", { polling_active: false });
  assertEquals(local.confirmed.polling_active, false);
  assertEquals(requests.state, { waiting: null, refusal: null });
});
