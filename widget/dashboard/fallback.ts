/** What front ends without widgets show of a dashboard: text and static HTML. */
import { escapeHtml } from "../fallback.ts";
import { formatUptime } from "../uptime.ts";
import type { DashboardTraits, Row } from "./traits.ts";

/** Returns the rows of a dashboard, in its order. */
export function rowsOf(traits: DashboardTraits): Row[] {
  return traits.ids.flatMap((id) => traits[`row:${id}`] ?? []);
}

/** Summarizes a dashboard in one line: "3 processes: 2 running, 1 failed". */
export function summarizeRows(rows: readonly Row[]): string {
  if (rows.length === 0) return "No processes";
  const counts = new Map<string, number>();
  for (const { status } of rows) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const parts = Array.from(counts, ([status, count]) => `${count} ${status}`);
  const noun = rows.length === 1 ? "process" : "processes";
  return `${rows.length} ${noun}: ${parts.join(", ")}`;
}

/** Lists processes as text, one per line. */
export function listRows(rows: readonly Row[], now: number): string {
  return [
    summarizeRows(rows),
    ...rows.map((row) => `  ${row.name}: ${factsOf(row, now).join(", ")}`),
  ].join("\n");
}

/** Renders processes as a static HTML table, without scripts or external resources. */
export function renderRows(rows: readonly Row[], now: Date): string {
  const body = rows.map((row) =>
    `<tr>${
      [row.name, factsOf(row, now.getTime()).join(", "), row.last_line]
        .map((text) => `<td>${escapeHtml(text)}</td>`).join("")
    }</tr>`
  );
  return [
    `<div><p><b>${escapeHtml(summarizeRows(rows))}</b><br>`,
    `<small>As of ${escapeHtml(now.toLocaleString())}. `,
    "Run the cell to see it live.</small></p>",
    rows.length === 0
      ? ""
      : `<table><tr><th>Name</th><th>Status</th><th>Last line</th></tr>${
        body.join("")
      }</table>`,
    "</div>",
  ].join("");
}

function factsOf(row: Row, now: number): string[] {
  const { status, pid, started_at, exit_code, exit_signal, error } = row;
  const facts: string[] = [status];
  if (pid !== null) facts.push(`pid ${pid}`);
  if (started_at !== null) facts.push(`up ${formatUptime(now - started_at)}`);
  if (pid === null && exit_signal) facts.push(exit_signal);
  else if (pid === null && exit_code !== null) facts.push(`code ${exit_code}`);
  if (error !== null) facts.push(error.replaceAll("\n", "; "));
  return facts;
}
