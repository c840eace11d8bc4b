import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { AnyWidget } from "../../../jupyter/any_widget.ts";

function counter() {
  return new AnyWidget({
    id: "counter",
    esm: "export default { render() {} }",
    traits: { count: 0, label: "" },
  });
}

Deno.test("AnyWidget tells its listeners of changes", () => {
  const widget = counter();
  const heard: unknown[] = [];
  widget.on("change:count", (change) => heard.push(change));
  widget.on("change", (changes) => heard.push(changes.length));
  widget.set("count", 1);
  widget.set("count", 1);
  widget.update({ count: 2, label: "two" });
  assertEquals(heard, [
    { trait: "count", value: 1, previous: 0 },
    1,
    { trait: "count", value: 2, previous: 1 },
    2,
  ]);
});

Deno.test("AnyWidget forgets listeners, one or all of an event", () => {
  const widget = counter();
  let heard = 0;
  const listener = () => heard++;
  widget.on("change:count", listener);
  widget.on("change:count", () => heard += 10);
  widget.off("change:count", listener);
  widget.set("count", 1);
  assertEquals(heard, 10);
  widget.off("change:count");
  widget.set("count", 2);
  assertEquals(heard, 10);
});

Deno.test("AnyWidget survives a listener that throws", () => {
  const widget = counter();
  const printed: unknown[] = [];
  const original = console.error;
  console.error = (...args) => printed.push(args[0]);
  try {
    let heard = false;
    widget.on("change:count", () => {
      throw new Error("broken listener");
    });
    widget.on("change:count", () => heard = true);
    widget.set("count", 1);
    assertEquals(heard, true);
    assertEquals(printed, ["A listener of 'change:count' failed:"]);
  } finally {
    console.error = original;
  }
});

Deno.test("AnyWidget works without a kernel", async () => {
  const widget = counter();
  const display = widget[Symbol.for("Jupyter.display") as never] as () =>
    Promise<Record<string, unknown>>;
  const bundle = await display.call(widget);
  assertEquals(Object.keys(bundle), [
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

Deno.test("AnyWidget shows no view once it is closed", async () => {
  const widget = counter();
  {
    using _ = widget;
  }
  const display = widget[Symbol.for("Jupyter.display") as never] as () =>
    Promise<Record<string, unknown>>;
  assertEquals(Object.keys(await display.call(widget)), ["text/plain"]);
});

Deno.test("AnyWidget refuses unknown traits", () => {
  const widget = counter();
  // @ts-expect-error there is no such trait
  assertThrows(() => widget.set("size", 1), TypeError, "'size'");
});
