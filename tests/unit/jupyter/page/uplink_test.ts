import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async";
import type { AnyModel } from "anywidget/types";
import type { ExecuteReply, Kernel } from "../../../../jupyter/page/page.ts";
import { ModelUplink } from "../../../../jupyter/page/uplink.ts";
import { decode, type PageMessage } from "../../../../jupyter/protocol.ts";

/** A kernel that records messages and refuses those that contain "bad". */
class FakeKernel implements Kernel {
  status = "idle";
  readonly connectionStatus = "connected";
  readonly messages: PageMessage[] = [];
  /** What replies wait for. */
  gate = Promise.resolve();

  requestExecute({ code }: { code: string }): { done: Promise<ExecuteReply> } {
    const message = decode(/"([^"]*)"\)$/.exec(code)![1]) as PageMessage;
    this.messages.push(message);
    const content = JSON.stringify(message).includes("bad")
      ? { status: "error", ename: "RangeError", evalue: "bad value" }
      : { status: "ok" };
    return { done: this.gate.then(() => ({ content })) };
  }

  /** The messages without their ids. */
  get contents(): unknown[] {
    return this.messages.map(({ id: _, ...content }) => content);
  }
}

/** Connects a model and records the calls of its original methods. */
function connect(kernel: FakeKernel | null) {
  const calls: string[] = [];
  const traits: Record<string, unknown> = { _model_id: "model", count: 0 };
  const listeners: [event: string, listener: () => void][] = [];
  const set = (trait: string, value: unknown) => {
    if (traits[trait] === value) return;
    traits[trait] = value;
    for (const [event, listener] of listeners) {
      if (event === `change:${trait}` || event === "change") listener();
    }
  };
  const model = {
    get: (trait: string) => traits[trait],
    set,
    save_changes: () => calls.push("save_changes"),
    send: () => calls.push("send"),
    on: (event: string, listener: () => void) =>
      listeners.push([event, listener]),
    off() {},
    widget_manager: { kernel },
  } as unknown as AnyModel;
  const uplink = new ModelUplink(model);
  return { uplink, model: uplink.wrapModel(), calls, traits, receive: set };
}

/** Runs a function and returns the warnings that it prints. */
async function warnings(run: () => Promise<void>): Promise<unknown[]> {
  const printed: unknown[] = [];
  const original = console.warn;
  console.warn = (...args) => printed.push(args[0]);
  try {
    await run();
  } finally {
    console.warn = original;
  }
  return printed;
}

Deno.test("save_changes resolves when the kernel has accepted the traits", async () => {
  const kernel = new FakeKernel();
  const { model, traits, calls } = connect(kernel);
  model.set("count", 1);
  model.set("count", 2);
  assertEquals(traits.count, 2);
  await model.save_changes();
  await model.save_changes();
  assertEquals(kernel.contents, [
    { method: "update", state: { count: 2 }, to: "model" },
  ]);
  assertEquals(calls, []);
});

Deno.test("save_changes rejects with the kernel's reason and logs it", async () => {
  const { model } = connect(new FakeKernel());
  const printed = await warnings(async () => {
    model.set("count", "bad");
    await assertRejects(() => model.save_changes(), Error, "bad value");
  });
  assertEquals(printed, ["[deno] bad value"]);
});

Deno.test("save_changes sends waiting changes of all views in one message", async () => {
  const kernel = new FakeKernel();
  const { uplink, model } = connect(kernel);
  const other = uplink.wrapModel();
  await warnings(async () => {
    model.set("count", 1);
    const first = model.save_changes();
    other.set("label", "bad");
    const second = other.save_changes();
    await assertRejects(() => first, Error, "bad value");
    await assertRejects(() => second, Error, "bad value");
  });
  assertEquals(kernel.contents, [
    { method: "update", state: { count: 1, label: "bad" }, to: "model" },
  ]);
});

Deno.test("an earlier value that returns from the kernel does not replace a later one", async () => {
  const { model, traits, receive } = connect(new FakeKernel());
  model.set("count", 1);
  const first = model.save_changes();
  model.set("count", 2);
  const second = model.save_changes();
  receive("count", 1);
  assertEquals(traits.count, 2);
  await Promise.all([first, second]);
  receive("count", 3);
  assertEquals(traits.count, 3);
});

Deno.test("a trait returns to the kernel's value when its change is refused", async () => {
  const { model, traits, receive } = connect(new FakeKernel());
  await warnings(async () => {
    model.set("count", "bad");
    const sent = model.save_changes();
    receive("count", 0);
    assertEquals(traits.count, "bad");
    await assertRejects(() => sent, Error, "bad value");
  });
  assertEquals(traits.count, 0);
});

Deno.test("send resolves when the kernel has accepted the message", async () => {
  const kernel = new FakeKernel();
  const { model } = connect(kernel);
  await model.send({ press: 1 });
  const printed = await warnings(async () => {
    await assertRejects(() => model.send("bad"), Error, "bad value");
  });
  assertEquals(kernel.contents, [
    { method: "custom", content: { press: 1 }, to: "model" },
    { method: "custom", content: "bad", to: "model" },
  ]);
  assertEquals(printed, ["[deno] bad value"]);
});

Deno.test("save_changes and send call the original methods without a kernel", async () => {
  const { uplink, model, calls } = connect(null);
  assertEquals([uplink.available, uplink.state], [false, "unavailable"]);
  model.set("count", 1);
  await model.save_changes();
  await model.send("hello");
  assertEquals(calls, ["save_changes", "send"]);
});

Deno.test("a page that is about to close and stays reports its views again", async () => {
  const kernel = new FakeKernel();
  const { uplink } = connect(kernel);
  uplink.addView();
  const received = async (count: number) => {
    while (kernel.messages.length < count) await delay(5);
  };
  await received(1);
  dispatchEvent(new Event("beforeunload"));
  await received(3);
  const calls = kernel.messages.slice(0, 3).map((message) =>
    message.method === "views"
      ? [message.method, message.views, message.resync]
      : [message.method]
  );
  assertEquals(calls, [["views", 1, false], ["leave"], ["views", 1, true]]);
});

/** Receives an update per second between two times, in no time. */
function receiveUpdates(
  receive: (trait: string, value: unknown) => void,
  from: number,
  to: number,
): void {
  const { now } = performance;
  const begin = now.call(performance);
  try {
    for (let second = from; second <= to; second++) {
      performance.now = () => begin + second * 1000;
      receive("uptime", second);
    }
  } finally {
    performance.now = now;
  }
}

Deno.test("a request that stays unanswered while updates come is refused", async () => {
  const kernel = new FakeKernel();
  const { uplink, model, receive } = connect(kernel);
  const events: string[] = [];
  const { signal } = new AbortController();
  uplink.watch(() => events.push(uplink.state), signal);
  const answer = Promise.withResolvers<void>();
  kernel.gate = answer.promise;
  await warnings(async () => {
    const first = model.send("first");
    const second = model.send("second");
    await until(() => kernel.messages.length === 1);
    receiveUpdates(receive, 1, 9);
    assertEquals([uplink.available, uplink.state], [true, "ready"]);
    receiveUpdates(receive, 10, 12);
    assertEquals([uplink.available, uplink.state], [false, "unavailable"]);
    const reason = "answers no request of this page: run code in a cell";
    await assertRejects(() => first, Error, reason);
    await assertRejects(() => second, Error, reason);
  });
  assertEquals(kernel.contents.length, 1);

  // The answer comes after all: the page catches up with what it has missed.
  answer.resolve();
  await until(() => uplink.available);
  assertEquals(events, ["unavailable", "ready"]);
  await until(() => kernel.contents.length === 2);
  const { views, resync } = kernel.contents[1] as Record<string, unknown>;
  assertEquals([views, resync], [0, true]);
  await model.send("third");
  uplink.close();
});

Deno.test("a request waits for a busy kernel, however many updates come", async () => {
  const kernel = new FakeKernel();
  const { uplink, model, receive } = connect(kernel);
  const answer = Promise.withResolvers<void>();
  kernel.gate = answer.promise;
  const sent = model.send("patient");
  await until(() => kernel.messages.length === 1);
  kernel.status = "busy";
  receiveUpdates(receive, 1, 60);
  assertEquals([uplink.available, uplink.state], [true, "ready"]);
  answer.resolve();
  await sent;
});

/** Waits until a condition holds; without real time passing in between. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve));
}
