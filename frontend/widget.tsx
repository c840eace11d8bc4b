/** The anywidget module: renders the traits of a process into an element. */

import type {
  AnyModel,
  Initialize,
  InitializeProps,
  Render,
  RenderProps,
} from "anywidget/types";
import { render as renderCard } from "preact";
import { type FollowedList, followList } from "../jupyter/page/sliding_list.ts";
import type { Uplink } from "../jupyter/page/uplink.ts";
import type { Control } from "../widget/controls.ts";
import type { ProcessTraits } from "../widget/traits.ts";
import type { UsageSample } from "../widget/usage_history.ts";
import { Card } from "./card.tsx";
import { cardView } from "./card_view.ts";
import { NO_CONNECTION } from "./connection.ts";
import { Requests } from "./controls/requests.ts";
import { ReportInterval } from "./health_report.tsx";
import { LogStore, STREAMS } from "./logs/log_store.ts";
import { paletteOf, readPageTheme, watchPageTheme } from "./theme.ts";

/** The names of all traits; the type checker requires each of them. */
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
  usage_first: true,
  streams: true,
  stdout_lines: true,
  stdout_first: true,
  stderr_lines: true,
  stderr_first: true,
  theme: true,
  polling_active: true,
  polling_interval: true,
  lines: true,
  controls: true,
  action: true,
  watch_notice: true,
  error: true,
};

function readTraits(model: AnyModel<ProcessTraits>): ProcessTraits {
  const traits = Object.keys(TRAITS) as (keyof ProcessTraits)[];
  return Object.fromEntries(
    traits.map((trait) => [trait, model.get(trait)]),
  ) as ProcessTraits;
}

/** What the page keeps for a model beyond its traits, shared by its views. */
interface Shared {
  readonly logs: LogStore;
  readonly usage: FollowedList<UsageSample>;
  readonly reportInterval: ReportInterval;
  readonly requests: Requests;
}

function follow(model: AnyModel<ProcessTraits>, uplink?: Uplink): Shared {
  const logs = new LogStore();
  for (const stream of STREAMS) {
    followList(
      model,
      `${stream}_lines`,
      `${stream}_first`,
      (change, isAfterGap) => {
        logs.apply(stream, change);
        if (isAfterGap) uplink?.resync();
      },
    );
  }
  const usage = followList(
    model,
    "usage_history",
    "usage_first",
    (_, isAfterGap) => {
      if (isAfterGap) uplink?.resync();
    },
  );
  return {
    logs,
    usage,
    reportInterval: new ReportInterval(model),
    requests: new Requests(model),
  };
}

/** `uplink` is added by the module that wraps every widget's own. */
type Wrapped<Props> = Props & { readonly uplink?: Uplink };

/** Called by anywidget once for each model. */
export default () => {
  let shared: Shared | undefined;

  const initialize: Initialize<ProcessTraits> = (props) => {
    const { model, uplink } = props as Wrapped<InitializeProps<ProcessTraits>>;
    shared = follow(model, uplink);
  };

  const render: Render<ProcessTraits> = (props) => {
    const { model, el, signal, uplink } = props as Wrapped<
      RenderProps<ProcessTraits>
    >;
    const { logs, usage, reportInterval, requests } = shared ??= follow(
      model,
      uplink,
    );
    const closed = new AbortController();

    const handleRequest = (control: Control) => {
      if (control !== "pause") return requests.invoke(control);
      const { polling_active } = requests.confirmed;
      return requests.change(control, { polling_active: !polling_active });
    };

    const update = () => {
      const traits = {
        ...readTraits(model),
        ...requests.confirmed,
        usage_history: usage.items,
      };
      renderCard(
        <Card
          view={cardView(traits, reportInterval.ms)}
          logs={{ rows: logs.rows, watched: traits.streams }}
          palette={paletteOf(traits.theme, readPageTheme())}
          native={traits.theme === "auto"}
          connection={uplink ?? NO_CONNECTION}
          controls={{
            controls: traits.controls,
            settings: {
              interval: traits.polling_interval,
              lines: traits.lines,
            },
            request: requests.state,
            action: traits.action,
            onRequest: handleRequest,
            onSettings: ({ interval, lines }) =>
              requests.change("settings", {
                polling_interval: interval,
                lines,
              }),
          }}
        />,
        el,
      );
    };

    // A message changes several traits at once and is followed by a single
    // "change", but by one "change:<trait>" for each of them.
    model.on("change", update);
    requests.addEventListener("change", update, { signal: closed.signal });
    watchPageTheme(update, closed.signal);
    uplink?.watch(update, closed.signal);
    closed.signal.addEventListener("abort", () => {
      model.off("change", update);
      renderCard(null, el);
    });
    update();

    // Before anywidget 0.11 there is no signal, only the returned function.
    const close = () => closed.abort();
    (signal as AbortSignal | undefined)?.addEventListener("abort", close);
    return close;
  };

  return { initialize, render };
};
