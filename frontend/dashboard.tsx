/** The anywidget module of the dashboard: renders its traits into an element. */

import type {
  AnyModel,
  Initialize,
  InitializeProps,
  Render,
  RenderProps,
} from "anywidget/types";
import { render as renderDashboard } from "preact";
import type { Uplink } from "../jupyter/page/uplink.ts";
import type { DashboardTraits } from "../widget/dashboard/traits.ts";
import { NO_CONNECTION } from "./connection.ts";
import { Dashboard } from "./dashboard/dashboard.tsx";
import { DashboardStore } from "./dashboard/data/store.ts";
import { VisibleRows } from "./dashboard/data/visible_rows.ts";
import { paletteOf, readPageTheme, watchPageTheme } from "./theme.ts";

/** `uplink` is added by the module that wraps every widget's own. */
type Wrapped<Props> = Props & { readonly uplink?: Uplink };

/** Called by anywidget once for each model. */
export default () => {
  let store: DashboardStore | undefined;

  const initialize: Initialize<DashboardTraits> = (props) => {
    const { model, uplink } = props as Wrapped<
      InitializeProps<DashboardTraits>
    >;
    store = new DashboardStore(model, uplink);
  };

  const render: Render<DashboardTraits> = (props) => {
    const { model, el, signal, uplink } = props as Wrapped<
      RenderProps<DashboardTraits>
    >;
    const shared = store ??= new DashboardStore(model, uplink);
    const closed = new AbortController();
    const visible = new VisibleRows((request) => {
      if (!uplink?.available || uplink.state === "gone") return false;
      model.send(request);
      return true;
    });
    const memory = `process-dashboard ${idOf(model)}`;

    const update = () => {
      const theme = model.get("theme");
      renderDashboard(
        <Dashboard
          store={shared}
          connection={uplink ?? NO_CONNECTION}
          palette={paletteOf(theme, readPageTheme())}
          native={theme === "auto"}
          memory={memory}
          onInSight={(ids) => visible.report([...ids, ...shared.view.expanded])}
        />,
        el,
      );
    };

    shared.addEventListener("change", update, { signal: closed.signal });
    watchPageTheme(update, closed.signal);
    uplink?.watch(update, closed.signal);
    closed.signal.addEventListener("abort", () => {
      visible.close();
      renderDashboard(null, el);
    });
    update();

    // Before anywidget 0.11 there is no signal, only the returned function.
    const close = () => closed.abort();
    (signal as AbortSignal | undefined)?.addEventListener("abort", close);
    return close;
  };

  return { initialize, render };
};

/** Returns the id of a model, which stays the same when the page is loaded again. */
function idOf(model: AnyModel<DashboardTraits>): string {
  const untyped = model as unknown as AnyModel<Record<string, unknown>>;
  return String(untyped.get("_model_id") ?? "");
}
