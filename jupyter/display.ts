import { delay } from "@std/async";
import { inKernel } from "./comm.ts";
import type { JsonObject } from "./protocol.ts";

/** The output of a cell: data by MIME type. */
export type MediaBundle = Record<
  string,
  string | Record<string, unknown>
>;

/** The method that the Deno kernel calls to display the value of a cell. */
export const $display: unique symbol = Symbol.for("Jupyter.display");

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Colab's own module for widgets that are not part of ipywidgets; the address is
 * the one that `google.colab.output.enable_custom_widget_manager()` has. */
const COLAB_MANAGER =
  "https://ssl.gstatic.com/colaboratory-static/widgets/colab-cdn-widget-manager/2b70e893a8ba7c0f/manager.min.js";

/** How often and how long to wait for an output to leave the kernel, in ms. */
const SEND_WAITS = 10;
const SEND_WAIT_MS = 5;

/** Returns the output that shows a view of a widget. */
export function viewBundle(modelId: string): MediaBundle {
  return {
    [VIEW]: { version_major: 2, version_minor: 1, model_id: modelId },
  };
}

/** Returns whether an output shows a view of a widget. */
export function hasView(bundle: MediaBundle): boolean {
  return VIEW in bundle;
}

/** Displays an output below the running cell; outside a kernel, prints its text. */
export async function show(bundle: MediaBundle): Promise<void> {
  if (!inKernel()) return console.log(bundle["text/plain"]);
  await sendOutput("display_data", bundle);
}

/**
 * Sends an output of the running cell, and waits until it has left the kernel:
 * the kernel may send it after the status message that ends the cell, and then
 * nbclient, and with it nbconvert and papermill, ignores it.
 */
export async function sendOutput(
  type: "display_data" | "execute_result",
  bundle: MediaBundle,
  content: JsonObject = {},
): Promise<void> {
  // Not `Deno.jupyter.display`, which sends no metadata.
  await Deno.jupyter.broadcast(type, {
    ...content,
    data: bundle,
    metadata: hasView(bundle) ? viewMetadata() : {},
    transient: {},
  });
  await untilSent();
}

/** Returns the metadata of a view, the same as of the Python package anywidget:
 * it makes Colab load its manager of such widgets. */
function viewMetadata(): JsonObject {
  const colab = { custom_widget_manager: { url: COLAB_MANAGER } };
  return { [VIEW]: { colab } };
}

/**
 * Waits long enough for the kernel's messages to leave it. Nothing reports that
 * they have, and on a busy machine it takes longer, as do many short waits.
 */
async function untilSent(): Promise<void> {
  for (let i = 0; i < SEND_WAITS; i++) await delay(SEND_WAIT_MS);
}
