/** What front ends without widgets show of a process: text and static HTML. */
import type { ProcessTraits } from "./traits.ts";

/** Summarizes a process in one line: "server: running, pid 123, up 42s". */
export function summarize(traits: ProcessTraits): string {
  return `${traits.name}: ${factsOf(traits).join(", ")}`;
}

function factsOf(traits: ProcessTraits): string[] {
  const { status, pid, uptime, health_message, process_dir, error } = traits;
  const { job_id, job_reason, exit_note } = traits;
  if (isWaiting(traits)) return [`waiting for ${process_dir} to appear`];
  const facts: string[] = [status];
  if (job_id !== null) facts.push(`job ${job_id}`);
  if (job_reason !== null) facts.push(job_reason);
  if (pid !== null) facts.push(`pid ${pid}`);
  if (uptime !== "-") facts.push(`up ${uptime}`);
  if (status === "unhealthy" && health_message) facts.push(health_message);
  if (exit_note !== null) facts.push(exit_note);
  if (error !== null) facts.push(error.replaceAll("\n", "; "));
  return facts;
}

/** Returns whether the process directory does not exist yet. */
function isWaiting(traits: ProcessTraits): boolean {
  const { status, process_dir, job_id, error } = traits;
  return status === "unknown" && process_dir !== "" && job_id === null &&
    error === null;
}

/** Renders a process as static HTML, without scripts or external resources. */
export function renderHtml(traits: ProcessTraits, now: Date): string {
  const parts = [
    `<p><b>${escapeHtml(summarize(traits))}</b><br>`,
    `<small>As of ${escapeHtml(now.toLocaleString())}. `,
    "Run the cell to see it live.</small></p>",
    renderLog("Recent logs", traits.stdout_lines),
    renderLog("Recent errors", traits.stderr_lines),
  ];
  return `<div>${parts.join("")}</div>`;
}

function renderLog(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<p>${title}</p><pre>${escapeHtml(lines.join("\n"))}</pre>`;
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}
