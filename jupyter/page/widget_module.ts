/**
 * The anywidget module that wraps every widget's own module, see
 * `model_state.ts`. It adds the `uplink` and a `model` whose changes and messages
 * reach the kernel.
 */

import type {
  AnyModel,
  AnyWidget,
  InitializeProps,
  RenderProps,
} from "anywidget/types";
import { ModelUplink } from "./uplink.ts";

/** The source, or the address, of the widget's own module. */
declare const WIDGET_ESM: string;

async function load(): Promise<AnyWidget> {
  const remote = /^https?:/.test(WIDGET_ESM);
  const url = remote
    ? WIDGET_ESM
    : URL.createObjectURL(new Blob([WIDGET_ESM], { type: "text/javascript" }));
  const module = await import(url);
  if (!remote) URL.revokeObjectURL(url);
  return module.default ?? module;
}

/** anywidget calls this once for each model. */
export default async () => {
  const loaded = await load();
  const widget = typeof loaded === "function" ? await loaded() : loaded;
  let shared: ModelUplink | undefined;
  const uplinkOf = (model: AnyModel) => shared ??= new ModelUplink(model);

  return {
    initialize(props: InitializeProps) {
      const uplink = uplinkOf(props.model);
      // Exists since anywidget 0.11.
      const { signal } = props as { signal?: AbortSignal };
      signal?.addEventListener("abort", () => uplink.close());
      const model = uplink.wrapModel();
      return widget.initialize?.({ ...props, model, ...{ uplink } });
    },
    async render(props: RenderProps) {
      const uplink = uplinkOf(props.model);
      const model = uplink.wrapModel();
      const close = await widget.render?.({ ...props, model, ...{ uplink } });
      const removeView = uplink.addView();
      return () => {
        removeView();
        return close?.();
      };
    },
  };
};
