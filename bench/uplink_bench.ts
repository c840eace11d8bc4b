/**
 * Measures handling a message from the page, compared with the floor: encoding
 * it in the page and decoding it in the kernel.
 */
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

/** Returns the encoded message with which a page sets a trait. */
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
