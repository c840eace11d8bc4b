/** The anywidget module of the dashboard: renders its rows into an element. */

import type { Render } from "anywidget/types";
import { render as renderRows } from "preact";
import type { DashboardTraits } from "../widget/dashboard/traits.ts";

const render: Render<DashboardTraits> = ({ model, el, signal }) => {
  const update = () => {
    const rows = model.get("ids").map((id) => model.get(`row:${id}`));
    renderRows(
      <ul class="process-widget">
        {rows.map((row) => <li key={row.name}>{row.name}: {row.status}</li>)}
      </ul>,
      el,
    );
  };
  model.on("change", update);
  signal.addEventListener("abort", () => {
    model.off("change", update);
    renderRows(null, el);
  });
  update();
};

export default { render };
