/**
 * The anywidget module that goes around every widget's own: see
 * `linked_esm.ts`. It gives views the `uplink`, and a `model` whose changes and
 * messages reach the kernel.
 */

import type {
  AnyModel,
  AnyWidget,
  InitializeProps,
  RenderProps,
} from "anywidget/types";
import { linkedModel } from "./kernel_model.ts";
import { Uplink } from "./uplink.ts";

/** The source of the widget's own module, or its address. */
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

export default async () => {
  const loaded = await load();
  const widget = typeof loaded === "function" ? await loaded() : loaded;
  let uplink: Uplink | undefined;

  /** anywidget makes the model before any view, and a view of it alone. */
  const linked = (model: AnyModel) => {
    uplink ??= new Uplink(model);
    return { model: linkedModel(model, uplink), uplink };
  };

  return {
    initialize(props: InitializeProps) {
      const link = linked(props.model);
      // There is none before anywidget 0.11.
      const { signal } = props as { signal?: AbortSignal };
      signal?.addEventListener("abort", () => link.uplink.close());
      return widget.initialize?.({ ...props, ...link });
    },
    async render(props: RenderProps) {
      const { model, uplink } = linked(props.model);
      const close = await widget.render?.({ ...props, model, ...{ uplink } });
      const leave = uplink.viewShown();
      return () => {
        leave();
        return close?.();
      };
    },
  };
};
