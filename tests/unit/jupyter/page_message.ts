import { $display } from "../../../jupyter/display.ts";
import type { AnyWidget } from "../../../jupyter/mod.ts";
import {
  codeFor,
  newId,
  type PageMessage,
  type WidgetMessage,
} from "../../../jupyter/protocol.ts";
import { registry } from "../../../jupyter/registry.ts";

/** Returns the string that a page passes to the registry for a message. */
export function encode(message: PageMessage): string {
  return /"([^"]*)"\)$/.exec(codeFor(message))![1];
}

/** Sends a message to a displayed widget as a page does; throws its refusal. */
export function sendFromPage(
  widget: { readonly modelId: string },
  message: WidgetMessage,
): void {
  const page = { ...message, to: widget.modelId, id: newId() };
  registry().receive(encode(page));
}

/** Displays a widget, so that pages can reach it. */
export async function display<T extends object>(
  widget: AnyWidget<T>,
): Promise<Record<string, unknown>> {
  return await widget[$display]();
}
