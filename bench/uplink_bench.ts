/** Measures how the kernel handles a page's message, compared with the minimum:
 * encoding it in the page and decoding it in the kernel. */
import { AnyWidget } from "../jupyter/mod.ts";
import { $display } from "../jupyter/display.ts";
import { codeFor, decode, type PageMessage } from "../jupyter/protocol.ts";
import { registry } from "../jupyter/registry.ts";

const widget = new AnyWidget({
  id: "counter",
  esm: "export default {}",
  traits: { count: 0, text: "" },
  writable: ["count", "text"],
});
// Displaying registers the widget.
await widget[$display]();

let count = 0;

/** Returns the string that a page passes to the registry to set a trait. */
function encoded(text: string): string {
  const state = text ? { text: `${text}${++count}` } : { count: ++count };
  const to = widget.modelId;
  const message = { id: `message-${count}`, to, method: "update", state };
  return /"([^"]*)"\)$/.exec(codeFor(message as PageMessage))![1];
}

for (const [group, text] of [["a few bytes", ""], ["1 MB", "x".repeat(1e6)]]) {
  Deno.bench(`${group}: decoded`, { group, baseline: true }, () => {
    decode(encoded(text));
  });

  Deno.bench(`${group}: handled`, { group }, () => {
    registry().receive(encoded(text));
  });
}
