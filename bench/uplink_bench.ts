/** What it costs to take in what a page says, against the least that it could
 * cost: to encode it in the page and decode it in the kernel. */
import { AnyWidget } from "../jupyter/any_widget.ts";
import { codeFor, decode, type PageMessage } from "../jupyter/protocol.ts";
import { registry } from "../jupyter/registry.ts";

const widget = new AnyWidget({
  id: "counter",
  esm: "export default {}",
  traits: { count: 0, text: "" },
  writable: ["count", "text"],
});
registry().add(widget.modelId, widget);

let count = 0;

/** The string that a page hands to the registry, to set a trait. */
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

  Deno.bench(`${group}: taken in`, { group }, () => {
    registry().receive(encoded(text));
  });
}
