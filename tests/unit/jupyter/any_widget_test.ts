import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { AnyWidget, type WidgetDefinition } from "../../../jupyter/mod.ts";
import { newId } from "../../../jupyter/protocol.ts";
import {
  GoneError,
  RefusedError,
  registry,
} from "../../../jupyter/registry.ts";
import { display, encode, sendFromPage } from "./page_message.ts";

interface CounterTraits {
  readonly count: number;
  readonly label: string;
}

function counter(options: Partial<WidgetDefinition<CounterTraits>> = {}) {
  return new AnyWidget<CounterTraits>({
    id: "counter",
    esm: "export default { render() {} }",
    traits: { count: 0, label: "" },
    ...options,
  });
}

Deno.test("AnyWidget notifies its listeners of changes", () => {
  const widget = counter();
  const received: unknown[] = [];
  widget.on("change:count", (change) => received.push(change));
  widget.on("change", (changes) => received.push(changes.length));
  widget.set("count", 1);
  widget.set("count", 1);
  widget.update({ count: 2, label: "two" });
  assertEquals(received, [
    { trait: "count", value: 1, previous: 0 },
    1,
    { trait: "count", value: 2, previous: 1 },
    2,
  ]);
});

Deno.test("AnyWidget removes one or all listeners of an event", () => {
  const widget = counter();
  let calls = 0;
  const listener = () => calls++;
  widget.on("change:count", listener);
  widget.on("change:count", () => calls += 10);
  widget.off("change:count", listener);
  widget.set("count", 1);
  assertEquals(calls, 10);
  widget.off("change:count");
  widget.set("count", 2);
  assertEquals(calls, 10);
});

Deno.test("AnyWidget calls all listeners when one throws", () => {
  const widget = counter();
  const printed: unknown[] = [];
  const original = console.error;
  console.error = (...args) => printed.push(args[0]);
  try {
    let called = false;
    widget.on("change:count", () => {
      throw new Error("broken listener");
    });
    widget.on("change:count", () => called = true);
    widget.set("count", 1);
    assertEquals(called, true);
    assertEquals(printed, ["A listener of 'change:count' failed:"]);
  } finally {
    console.error = original;
  }
});

Deno.test("AnyWidget works without a kernel", async () => {
  const widget = counter();
  assertEquals(Object.keys(await display(widget)), [
    "text/plain",
    "application/vnd.jupyter.widget-view+json",
  ]);
  widget.set("count", 3);
  assertMatch(`${widget}`, /^AnyWidget \{"count":3,"label":""\}$/);
  assertEquals(Deno.inspect(widget), `${widget}`);
  widget.close();
  widget.close();
  assertEquals(widget.closed, true);
  assertEquals(widget.get("count"), 3);
});

Deno.test("AnyWidget displays no view once it is closed", async () => {
  const widget = counter();
  {
    using _ = widget;
  }
  assertEquals(Object.keys(await display(widget)), ["text/plain"]);
});

Deno.test("AnyWidget rejects unknown traits", () => {
  const widget = counter();
  // @ts-expect-error the trait does not exist
  assertThrows(() => widget.set("size", 1), TypeError, "'size'");
});

Deno.test("AnyWidget waits until it is ready before it is displayed", async () => {
  const steps: string[] = [];
  using widget = counter({
    ready: async () => {
      await Promise.resolve();
      steps.push("ready");
    },
    fallback: ({ count }) => {
      steps.push("fallback");
      return {
        "text/plain": `count: ${count}`,
        "text/html": `<b>${count}</b>`,
      };
    },
  });
  widget.set("count", 2);
  const bundle = await display(widget);
  assertEquals(steps, ["ready", "fallback"]);
  assertEquals(bundle["text/plain"], "count: 2");
  assertEquals(bundle["text/html"], "<b>2</b>");

  const failing = counter({
    ready: () => Promise.reject(new Error("not ready")),
  });
  await assertRejects(() => display(failing), Error, "not ready");
});

Deno.test("AnyWidget sets writable traits from a page", async () => {
  using widget = counter({ writable: ["count"] });
  await display(widget);
  sendFromPage(widget, { method: "update", state: { count: 5 } });
  assertEquals(widget.get("count"), 5);
  assertThrows(
    () =>
      sendFromPage(widget, {
        method: "update",
        state: { count: 6, label: "" },
      }),
    Error,
    "Cannot set 'label' from the page as it is not writable: set count",
  );
  assertEquals(widget.get("count"), 5);
});

Deno.test("AnyWidget refuses a page's message when a listener throws", async () => {
  using widget = counter();
  await display(widget);
  const received: unknown[] = [];
  widget.on("msg:custom", (content) => {
    if (content === "bad") throw new RangeError("bad content");
    received.push(content);
  });
  sendFromPage(widget, { method: "custom", content: { press: 1 } });
  assertThrows(
    () => sendFromPage(widget, { method: "custom", content: "bad" }),
    RangeError,
    "bad content",
  );
  assertEquals(received, [{ press: 1 }]);
});

Deno.test("AnyWidget reports the number of views of all pages", async () => {
  const counts: number[] = [];
  using widget = counter({ onViewsChange: (views) => counts.push(views) });
  await display(widget);
  const show = (page: string, views: number) =>
    sendFromPage(widget, { method: "views", page, views });
  show("one", 2);
  show("two", 1);
  show("two", 1);
  show("one", 0);
  assertEquals(counts, [2, 3, 1]);
  assertEquals(widget.views, 1);
});

Deno.test("AnyWidget refuses messages once it is closed", async () => {
  const widget = counter({ writable: ["count"] });
  await display(widget);
  widget.close();
  const error = assertThrows(
    () => sendFromPage(widget, { method: "update", state: { count: 1 } }),
    GoneError,
  );
  assert(error.message.includes("does not exist"));
  assertEquals(widget.get("count"), 0);
});

Deno.test("AnyWidget asks a page whose lease it does not know to report its views again", async () => {
  const widget = counter();
  await display(widget);
  const renew = () =>
    registry().receive(encode({ id: newId(), method: "renew", page: "slept" }));
  assertThrows(renew, RefusedError, "report its views again");
  sendFromPage(widget, { method: "views", page: "slept", views: 1 });
  renew();
  widget.close();
});

Deno.test("AnyWidget adds and removes traits while it lives", () => {
  const widget = new AnyWidget<Record<string, unknown>>({
    id: "growing",
    esm: "export default { render() {} }",
    traits: { fixed: 1 },
  });
  assertThrows(() => widget.set("more", 1), TypeError, "more");
  widget.addTraits({ more: [1] });
  assertEquals(widget.get("more"), [1]);
  assertThrows(() => widget.addTraits({ good: 1, bad: NaN }), TypeError, "bad");
  assertThrows(() => widget.get("good"), TypeError);
  widget.removeTraits(["more"]);
  assertThrows(() => widget.get("more"), TypeError, "fixed");
});
