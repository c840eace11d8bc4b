/** The anywidget module: what a process's traits say, drawn into an element. */

import type {
  AnyModel,
  Initialize,
  Render,
  RenderProps,
} from "anywidget/types";
import { render as draw } from "preact";
import type { ProcessTraits } from "../widget/traits.ts";
import type { Control } from "../widget/controls.ts";
import type { Uplink } from "../jupyter/page/uplink.ts";
import { Card } from "./card.tsx";
import { Requests } from "./controls/requests.ts";
import type { Link } from "./connection.ts";
import { Memory } from "./memory.ts";
import { readPage, watchPage } from "./page_theme.ts";
import { followList } from "./sliding_lists.ts";
import { paletteOf } from "./theme.ts";
import { STREAMS, viewOf } from "./view.ts";

/** Every trait, as the type checker makes sure. */
const TRAITS: Record<keyof ProcessTraits, true> = {
  name: true,
  process_dir: true,
  status: true,
  pid: true,
  uptime: true,
  started_at: true,
  command: true,
  ttl_seconds: true,
  exit_code: true,
  exit_signal: true,
  exited_at: true,
  exit_reason: true,
  health_status: true,
  health_message: true,
  health_timestamp: true,
  health_details: true,
  cpu_percent: true,
  memory_bytes: true,
  usage_history: true,
  streams: true,
  stdout_lines: true,
  stderr_lines: true,
  theme: true,
  polling_active: true,
  polling_interval: true,
  lines: true,
  controls: true,
  action: true,
  error: true,
};

function traitsOf(model: AnyModel<ProcessTraits>): ProcessTraits {
  const traits = Object.keys(TRAITS) as (keyof ProcessTraits)[];
  return Object.fromEntries(
    traits.map((trait) => [trait, model.get(trait)]),
  ) as ProcessTraits;
}

/** What a widget's own module gets: `uplink` from the one around it. */
type LinkedProps = RenderProps<ProcessTraits> & { readonly uplink?: Uplink };

function linkOf(uplink: Uplink | undefined): Link {
  if (!uplink) return { state: "unavailable", available: false, heardAt: null };
  const { state, available, heardAt } = uplink;
  return { state, available, heardAt };
}

/** anywidget calls this once for each model, so its views share a memory. */
export default () => {
  const memory = new Memory();

  const initialize: Initialize<ProcessTraits> = ({ model }) => {
    for (const stream of STREAMS) {
      followList(
        model,
        `${stream}_lines`,
        (patch) => memory.printed(stream, patch),
      );
    }
    followList(model, "usage_history", () => {});
    const report = () => memory.reported(model.get("health_timestamp"));
    model.on("change:health_timestamp", report);
    report();
  };

  const render: Render<ProcessTraits> = (props) => {
    const { model, el, signal, uplink } = props as LinkedProps;
    const view = new AbortController();

    const update = () => {
      const traits = traitsOf(model);
      const palette = paletteOf(traits.theme, readPage());
      draw(
        <Card
          view={viewOf(traits, memory.kept)}
          palette={palette}
          native={traits.theme === "auto"}
          link={linkOf(uplink)}
          controls={{
            controls: traits.controls,
            action: traits.action,
            asked: requests.asked,
            settings: {
              interval: traits.polling_interval,
              lines: traits.lines,
            },
            onRequest: request,
            onSettings: ({ interval, lines }) =>
              requests.send("settings", async () => {
                model.set("polling_interval", interval);
                model.set("lines", lines);
                await model.save_changes();
              }),
          }}
        />,
        el,
      );
    };

    const requests = new Requests(update);
    const request = (control: Control) =>
      requests.send(control, async () => {
        if (control !== "pause") return await model.send({ control });
        model.set("polling_active", !model.get("polling_active"));
        await model.save_changes();
      });

    // A message sets all its traits at once and is followed by one "change",
    // whereas "change:<trait>" would come once for each of them.
    model.on("change", update);
    watchPage(update, view.signal);
    uplink?.watch(update, view.signal);
    view.signal.addEventListener("abort", () => {
      model.off("change", update);
      draw(null, el);
    });
    update();

    // anywidget has a signal since 0.11; before, it has only the returned function.
    const close = () => view.abort();
    (signal as AbortSignal | undefined)?.addEventListener("abort", close);
    return close;
  };

  return { initialize, render };
};
