import type { DashboardTraits, Row } from "../../widget/dashboard/traits.ts";
import type { UsageSample } from "../../widget/usage_history.ts";

/** The row of a running process, for tests to vary. */
export const RUNNING_ROW: Row = {
  name: "server",
  process_dir: "/srv/server",
  status: "running",
  pid: 4242,
  started_at: 1_000_000,
  command: ["deno", "run", "server.ts"],
  ttl_seconds: null,
  exit_code: null,
  exit_signal: null,
  exited_at: null,
  exit_reason: null,
  exit_note: null,
  job_reason: null,
  scheduler_notice: null,
  scheduler_at: null,
  health_status: null,
  health_message: null,
  health_timestamp: null,
  last_line: "",
  last_stream: null,
  controls: ["start", "restart", "terminate", "remove", "clear_logs"],
  action: null,
  error: null,
};

/** What differs in the row of a process that has ended. */
export const ENDED = {
  status: "stopped",
  pid: null,
  started_at: null,
  exit_code: 0,
  exited_at: 2_000_000,
  exit_reason: "exited",
} as const satisfies Partial<Row>;

/** A row of a test: what differs from a running one, and its usage. */
export type RowSpec = Partial<Row> & {
  readonly usage?: readonly UsageSample[];
};

/** Returns the traits of a dashboard with these rows, whose ids are p1, p2, ... */
export function dashboardTraits(
  rows: readonly RowSpec[],
  others: Record<string, unknown> = {},
): DashboardTraits {
  const traits: DashboardTraits = {
    dir: "/srv",
    ids: rows.map((_, index) => `p${index + 1}`),
    controls: [
      "start",
      "restart",
      "terminate",
      "remove",
      "clear_logs",
      "create",
    ],
    sort: { column: "name", descending: false },
    filter: { text: "", statuses: [] },
    expanded: [],
    creation: null,
    theme: "auto",
    polling_active: true,
    polling_interval: 1,
    error: null,
  };
  for (const [index, { usage, ...row }] of rows.entries()) {
    const id = `p${index + 1}`;
    traits[`row:${id}`] = { ...RUNNING_ROW, ...row };
    traits[`usage:${id}`] = usage ?? [];
  }
  return Object.assign(traits, others);
}
