/** Derives what the card of a process displays from a model with its traits. */

import type { AnyModel } from "anywidget/types";
import { type FollowedList, followList } from "../jupyter/page/sliding_list.ts";
import type { Uplink } from "../jupyter/page/uplink.ts";
import type { ProcessTraits, Theme } from "../widget/traits.ts";
import type { UsageSample } from "../widget/usage_history.ts";
import type { CardProps } from "./card.tsx";
import { cardView } from "./card_view.ts";
import type { Connection } from "./connection.ts";
import { Requests } from "./controls/requests.ts";
import { ReportInterval } from "./health_report.tsx";
import { LogStore, STREAMS } from "./logs/log_store.ts";
import { paletteOf, readPageTheme } from "./theme.ts";

/** The type checker requires each trait. */
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
  exit_note: true,
  job_id: true,
  job_reason: true,
  expected_start: true,
  node: true,
  partition: true,
  time_limit: true,
  scheduler_notice: true,
  scheduler_at: true,
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

/** The names of all traits. */
export const TRAIT_NAMES = Object.keys(TRAITS) as (keyof ProcessTraits)[];

/** What the page keeps for a model beyond its traits, shared by its views. */
export interface Followed {
  readonly logs: LogStore;
  readonly usage: FollowedList<UsageSample>;
  readonly reportInterval: ReportInterval;
  readonly requests: Requests;
}

/** Follows the traits of a process. Call it once for each model. */
export function followProcess(
  model: AnyModel<ProcessTraits>,
  uplink?: Uplink,
): Followed {
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
  const reportInterval = new ReportInterval();
  const addReport = () => reportInterval.add(model.get("health_timestamp"));
  model.on("change:health_timestamp", addReport);
  addReport();
  return { logs, usage, reportInterval, requests: new Requests(model) };
}

/** Returns the props of the card as of now. */
export function cardProps(
  model: AnyModel<ProcessTraits>,
  { logs, usage, reportInterval, requests }: Followed,
  theme: Theme,
  connection: Connection,
): CardProps {
  const read = TRAIT_NAMES.map((trait) => [trait, model.get(trait)]);
  const traits: ProcessTraits = {
    ...Object.fromEntries(read),
    ...requests.confirmed,
    usage_history: usage.items,
  };
  return {
    view: cardView(traits, reportInterval.ms),
    logs: { rows: logs.rows, watched: traits.streams },
    palette: paletteOf(theme, readPageTheme()),
    native: theme === "auto",
    connection,
    controls: {
      controls: traits.controls,
      settings: { interval: traits.polling_interval, lines: traits.lines },
      request: requests.state,
      action: traits.action,
      onRequest: (control) =>
        control === "pause"
          ? requests.change(control, { polling_active: !traits.polling_active })
          : requests.invoke(control),
      onSettings: ({ interval, lines }) =>
        requests.change("settings", { polling_interval: interval, lines }),
    },
  };
}
