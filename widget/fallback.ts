/** What places show of a process that have no widgets: text and static HTML. */
import type { ProcessTraits } from "./traits.ts";

/** A process in one line: "server: running, pid 123, up 42s". */
export function summaryOf(traits: ProcessTraits): string {
  return `${traits.name}: ${factsOf(traits).join(", ")}`;
}

function factsOf(traits: ProcessTraits): string[] {
  const { status, pid, uptime, health_message, process_dir, error } = traits;
  if (isWaiting(traits)) return [`waiting for ${process_dir} to appear`];
  const facts: string[] = [status];
  if (pid !== null) facts.push(`pid ${pid}`);
  if (uptime !== "-") facts.push(`up ${uptime}`);
  if (status === "unhealthy" && health_message) facts.push(health_message);
  if (error !== null) facts.push(error.replaceAll("\n", "; "));
  return facts;
}

/** Whether the process directory is not there yet. */
function isWaiting({ status, process_dir, error }: ProcessTraits): boolean {
  return status === "unknown" && process_dir !== "" && error === null;
}

/** The process at this moment as HTML without scripts or outside resources. */
export function htmlOf(traits: ProcessTraits, now: Date): string {
  const parts = [
    `<p><b>${escape(summaryOf(traits))}</b><br>`,
    `<small>As of ${escape(now.toLocaleString())}. `,
    "Run the cell to see it live.</small></p>",
    logOf("Recent logs", traits.stdout_lines),
    logOf("Recent errors", traits.stderr_lines),
  ];
  return `<div>${parts.join("")}</div>`;
}

function logOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<p>${title}</p><pre>${escape(lines.join("\n"))}</pre>`;
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}
