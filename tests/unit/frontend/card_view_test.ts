import { assertEquals } from "@std/assert";
import { cardView, commandLine } from "../../../frontend/card_view.ts";
import type { ProcessTraits } from "../../../widget/traits.ts";
import { RUNNING } from "../traits.ts";

function view(traits: Partial<ProcessTraits> = {}) {
  return cardView({ ...RUNNING, ...traits }, 5000);
}

function noticeKinds(traits: Partial<ProcessTraits>): string[] {
  return view(traits).notices.map(({ kind }) => kind);
}

Deno.test("cardView shows the facts of a running process without a notice", () => {
  const { status, pid, uptime, dir, running, notices } = view();
  assertEquals(status, { id: "running", icon: "check" });
  assertEquals({ pid, uptime, dir, running }, {
    pid: "4242",
    uptime: "3h 12m",
    dir: "/srv/server",
    running: true,
  });
  assertEquals(notices, []);
});

Deno.test("cardView shows a suspended process as one that runs", () => {
  const { status, pid, running, notices } = view({ status: "suspended" });
  assertEquals(status, { id: "suspended", icon: "suspended" });
  assertEquals({ pid, running, notices }, {
    pid: "4242",
    running: true,
    notices: [],
  });
});

Deno.test("cardView shows what is known about a pending job, which can be ended", () => {
  const { status, running, job, notices } = view({
    status: "pending",
    pid: null,
    job_id: "12",
    job_reason: "it waits for free resources (Resources)",
    partition: "main",
    time_limit: 5400,
  });
  assertEquals(status, { id: "pending", icon: "clock" });
  assertEquals([running, notices], [true, []]);
  assertEquals(job, [
    ["job", "Job", "12"],
    ["job-reason", "Pending", "it waits for free resources (Resources)"],
    ["partition", "Partition", "main"],
    ["limit", "Time limit", "1h 30m"],
  ]);
});

Deno.test("cardView counts a job down to its time limit, and says what Slurm did", () => {
  const running = view({ job_id: "12", time_limit: 60, ttl_seconds: 50 });
  assertEquals(running.deadline, 1_000_000 + 60_000);
  const { exit } = view({
    status: "stopped",
    pid: null,
    exit_signal: "SIGTERM",
    exit_reason: "ttl",
    exit_note: "time limit reached",
  });
  assertEquals(exit?.reason, "time limit reached");
});

Deno.test("cardView says when the scheduler last answered", () => {
  const { notices } = view({
    status: "unknown",
    job_id: "12",
    scheduler_notice: "Slurm does not respond: no",
    scheduler_at: 5,
  });
  const text = "Slurm does not respond: no";
  assertEquals(notices, [{ kind: "scheduler", text, at: 5 }]);
});

Deno.test("cardView shows dashes for pid and uptime of a stopped process", () => {
  const { pid, uptime, running } = view({
    status: "stopped",
    pid: null,
    uptime: "-",
  });
  assertEquals({ pid, uptime, running }, {
    pid: "-",
    uptime: "-",
    running: false,
  });
});

Deno.test("cardView shows no directory for a process watched by single files", () => {
  assertEquals(view({ process_dir: "" }).dir, null);
});

Deno.test("cardView shows a health report as healthy only if its status is", () => {
  assertEquals(view().health, null);
  assertEquals(view({ health_status: "healthy" }).health, {
    status: "healthy",
    message: null,
    healthy: true,
    timestamp: null,
    details: null,
    staleAt: null,
  });
  const degraded = view({
    health_status: "degraded",
    health_message: "disk full",
  });
  assertEquals(degraded.health, {
    status: "degraded",
    message: "disk full",
    healthy: false,
    timestamp: null,
    details: null,
    staleAt: null,
  });
});

Deno.test("cardView waits for the directory of an unknown process", () => {
  assertEquals(view({ status: "unknown", pid: null }).notices, [{
    kind: "waiting",
    text: "Waiting for /srv/server to appear",
  }]);
});

Deno.test("cardView shows an unknown process as loading until there is data", () => {
  const unknown = { status: "unknown", pid: null, process_dir: "" } as const;
  assertEquals(noticeKinds(unknown), ["loading"]);
  assertEquals(noticeKinds({ ...unknown, stderr_lines: ["a line"] }), []);
  assertEquals(noticeKinds({ ...unknown, health_status: "healthy" }), []);
});

Deno.test("cardView shows an error instead of waiting, beside the last good values", () => {
  const error = "Cannot read health.json.";
  const { notices } = view({ status: "unknown", error });
  assertEquals(notices, [{ kind: "error", text: error }]);
  assertEquals(view({ error }).pid, "4242");
});

Deno.test("cardView shows that polling is paused, beside an error", () => {
  assertEquals(noticeKinds({ polling_active: false }), ["paused"]);
  assertEquals(noticeKinds({ polling_active: false, error: "Cannot read." }), [
    "error",
    "paused",
  ]);
});

Deno.test("cardView expects a health report to become stale after three missed ones", () => {
  const report = { health_status: "healthy", health_timestamp: 100_000 };
  assertEquals(view(report).health?.staleAt, 117_500);
  // A process that has exited or is suspended is not expected to report.
  assertEquals(view({ ...report, pid: null }).health?.staleAt, null);
  const suspended = view({ ...report, status: "suspended" });
  assertEquals(suspended.health?.staleAt, null);
});

Deno.test("cardView turns a time to live into a deadline", () => {
  assertEquals(view({ ttl_seconds: 60 }).deadline, 1_060_000);
  assertEquals(view({ ttl_seconds: 60, started_at: null }).deadline, null);
  assertEquals(view().deadline, null);
});

Deno.test("cardView shows how a process exited once it has", () => {
  const ended = { pid: null, status: "failed", exited_at: 5 } as const;
  assertEquals(view({ ...ended, exit_code: 1 }).exit, {
    cause: "code 1",
    failed: true,
    reason: null,
    at: 5,
  });
  const killed = view({
    ...ended,
    exit_signal: "SIGKILL",
    exit_reason: "ttl",
  });
  assertEquals(killed.exit?.cause, "SIGKILL");
  assertEquals(killed.exit?.reason, "TTL expired");
  assertEquals(view({ exit_code: 1 }).exit, null);
  assertEquals(view({ pid: null, status: "stopped" }).exit, null);
});

Deno.test("commandLine quotes arguments as for a shell", () => {
  assertEquals(commandLine(["deno", "run", "-A"]), "deno run -A");
  assertEquals(commandLine(["a b", "", "it's"]), `'a b' '' 'it'\\''s'`);
});
