import { delay } from "@std/async";
import { inKernel } from "./comm.ts";

/** The output of a cell: data by MIME type. */
export type MediaBundle = Record<
  string,
  string | Record<string, unknown>
>;

/** The method that the Deno kernel calls to display the value of a cell. */
export const $display: unique symbol = Symbol.for("Jupyter.display");

/** How long to wait for an output to leave the kernel, in milliseconds. */
const SEND_MS = 5;

/** Returns the output that shows a view of a widget. */
export function viewBundle(modelId: string): MediaBundle {
  return {
    "application/vnd.jupyter.widget-view+json": {
      version_major: 2,
      version_minor: 1,
      model_id: modelId,
    },
  };
}

/** Displays an output below the running cell; outside a kernel, prints its text. */
export async function show(bundle: MediaBundle): Promise<void> {
  if (!inKernel()) return console.log(bundle["text/plain"]);
  await Deno.jupyter.display(bundle, { raw: true });
  // The kernel may send an output after the status message that ends the cell,
  // which nbconvert and papermill ignore.
  await delay(SEND_MS);
}
