/** The anywidget module: what a process's traits say, drawn into an element. */

import type {
  AnyModel,
  Initialize,
  Render,
  RenderProps,
} from "anywidget/types";
import { render as draw } from "preact";
import type { ProcessTraits } from "../widget.ts";
import type { Control } from "../widget.ts";
import type { Uplink } from "../jupyter/page/uplink.ts";
import { Card } from "./card.tsx";
import { Requests } from "./controls/requests.ts";
import type { Link } from "./link.ts";
import { Memory } from "./memory.ts";
import { readPage, watchPage } from "./page.ts";
import { followList } from "./sliding_lists.ts";
import { paletteOf } from "./theme.ts";
import { STREAMS, viewOf } from "./view.ts";

function traitsOf(model: AnyModel<ProcessTraits>): ProcessTraits {
  return {
    name: model.get("name"),
    process_dir: model.get("process_dir"),
    status: model.get("status"),
    pid: model.get("pid"),
    uptime: model.get("uptime"),
    started_at: model.get("started_at"),
    command: model.get("command"),
    ttl_seconds: model.get("ttl_seconds"),
    exit_code: model.get("exit_code"),
    exit_signal: model.get("exit_signal"),
    exited_at: model.get("exited_at"),
    exit_reason: model.get("exit_reason"),
    health_status: model.get("health_status"),
    health_message: model.get("health_message"),
    health_timestamp: model.get("health_timestamp"),
    health_details: model.get("health_details"),
    cpu_percent: model.get("cpu_percent"),
    memory_bytes: model.get("memory_bytes"),
    usage_history: model.get("usage_history"),
    streams: model.get("streams"),
    stdout_lines: model.get("stdout_lines"),
    stderr_lines: model.get("stderr_lines"),
    theme: model.get("theme"),
    polling_active: model.get("polling_active"),
    polling_interval: model.get("polling_interval"),
    lines: model.get("lines"),
    controls: model.get("controls"),
    action: model.get("action"),
    error: model.get("error"),
  };
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
                await uplink?.update({ polling_interval: interval, lines });
              }),
          }}
        />,
        el,
      );
    };

    const requests = new Requests(update);
    const request = (control: Control) =>
      requests.send(control, async () => {
        if (control !== "pause") return await uplink?.custom({ control });
        const polling_active = !model.get("polling_active");
        await uplink?.update({ polling_active });
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
