import { delay } from "@std/async";
import { inKernel, type JsonObject } from "./comm.ts";

/** What a cell shows for a value: MIME types and their data. */
export type MediaBundle = Record<string, string | JsonObject>;

/** The method that the Deno kernel asks for what to show. */
export const $display: unique symbol = Symbol.for("Jupyter.display");

/** How long a display is given to leave the kernel, in milliseconds. */
const DISPLAY_MS = 5;

/** What shows a view of a widget, by MIME type. */
export function viewOf(modelId: string): MediaBundle {
  return {
    "application/vnd.jupyter.widget-view+json": {
      version_major: 2,
      version_minor: 1,
      model_id: modelId,
    },
  };
}

/** Shows something below the running cell; outside a kernel prints its text. */
export async function show(bundle: MediaBundle): Promise<void> {
  if (!inKernel()) return console.log(bundle["text/plain"]);
  await Deno.jupyter.display(bundle, { raw: true });
  // What a cell sends in its last moment can come after the news of its end,
  // when nbconvert and papermill listen no more.
  await delay(DISPLAY_MS);
}
