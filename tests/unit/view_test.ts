import { assertEquals } from "@std/assert";
import { viewOf } from "../../frontend/view.ts";
import { commandLine, type Kept } from "../../frontend/view.ts";
import { Terminal } from "../../frontend/terminal/terminal.ts";
import type { ProcessTraits } from "../../widget.ts";

function rowsOf(...lines: string[]) {
  const terminal = new Terminal();
  terminal.print(lines);
  return { first: 0, list: terminal.rows };
}

const KEPT: Kept = {
  rows: { stdout: rowsOf(), stderr: rowsOf() },
  reportInterval: 5000,
};

function view(traits: Partial<ProcessTraits> = {}, kept = KEPT) {
  return viewOf({
    name: "server",
    process_dir: "/srv/server",
    status: "running",
    pid: 4242,
    uptime: "3h 12m",
    started_at: null,
    command: null,
    ttl_seconds: null,
    exit_code: null,
    exit_signal: null,
    exited_at: null,
    exit_reason: null,
    health_status: null,
    health_message: null,
    health_timestamp: null,
    health_details: null,
    started_at: 1_000_000,
    command: null,
    ttl_seconds: null,
    exit_code: null,
    exit_signal: null,
    exited_at: null,
    cpu_percent: null,
    memory_bytes: null,
    usage_history: [],
    streams: ["stdout", "stderr"],
    stdout_lines: [],
    stderr_lines: [],
    theme: "auto",
    polling_active: true,
    polling_interval: 1,
    error: null,
    ...traits,
  }, kept);
}

function noticesOf(traits: Partial<ProcessTraits>): string[] {
  return view(traits).notices.map(({ kind }) => kind);
}

Deno.test("a running process shows its facts and no notice", () => {
  const { status, pid, uptime, dir, notices } = view();
  assertEquals(status, { id: "running", icon: "check" });
  assertEquals({ pid, uptime, dir }, {
    pid: "4242",
    uptime: "3h 12m",
    dir: "/srv/server",
  });
  assertEquals(notices, []);
});

Deno.test("a process that does not run has dashes for pid and uptime", () => {
  const { pid, uptime } = view({ status: "stopped", pid: null, uptime: "-" });
  assertEquals({ pid, uptime }, { pid: "-", uptime: "-" });
});

Deno.test("a process watched by single files has no directory", () => {
  assertEquals(view({ process_dir: "" }).dir, null);
});

Deno.test("a health report is healthy only if it says so", () => {
  assertEquals(view().health, null);
  assertEquals(view({ health_status: "healthy" }).health, {
    status: "healthy",
    message: null,
    healthy: true,
    timestamp: null,
    details: null,
    staleAt: null,
  });
  assertEquals(
    view({ health_status: "degraded", health_message: "disk full" }).health,
    {
      status: "degraded",
      message: "disk full",
      healthy: false,
      timestamp: null,
      details: null,
      staleAt: null,
    },
  );
});

Deno.test("an unknown process with a directory is being waited for", () => {
  const [notice] = view({ status: "unknown", pid: null }).notices;
  assertEquals(notice, {
    kind: "waiting",
    text: "Waiting for /srv/server to appear",
  });
});

Deno.test("an unknown process is loading until anything is known", () => {
  const unknown = {
    status: "unknown",
    pid: null,
    process_dir: "",
  } as const;
  assertEquals(noticesOf(unknown), ["loading"]);
  const rows = { ...KEPT.rows, stderr: rowsOf("a line") };
  assertEquals(view(unknown, { ...KEPT, rows }).notices, []);
  assertEquals(noticesOf({ ...unknown, health_status: "healthy" }), []);
});

Deno.test("an error is told instead of waiting, beside the last good values", () => {
  const error = "Cannot read health.json.";
  const { notices } = view({ status: "unknown", error });
  assertEquals(notices, [{ kind: "error", text: error }]);
  assertEquals(view({ error }).pid, "4242");
});

Deno.test("a kernel that paused polling is told of", () => {
  assertEquals(noticesOf({ polling_active: false }), ["paused"]);
  assertEquals(noticesOf({ polling_active: false, error: "Cannot read." }), [
    "error",
    "paused",
  ]);
});

Deno.test("a health report is stale after three missed ones", () => {
  const report = { health_status: "healthy", health_timestamp: 100_000 };
  assertEquals(view(report).health?.staleAt, 117_500);
  // Nobody expects a report of a process that has ended.
  assertEquals(view({ ...report, pid: null }).health?.staleAt, null);
});

Deno.test("a time to live becomes a deadline", () => {
  assertEquals(view({ ttl_seconds: 60 }).deadline, 1_060_000);
  assertEquals(view({ ttl_seconds: 60, started_at: null }).deadline, null);
  assertEquals(view().deadline, null);
});

Deno.test("how a process ended is told once it has", () => {
  const ended = { pid: null, status: "failed", exited_at: 5 } as const;
  assertEquals(view({ ...ended, exit_code: 1 }).exit, {
    cause: "code 1",
    failed: true,
    at: 5,
  });
  assertEquals(
    view({ ...ended, exit_signal: "SIGKILL" }).exit?.cause,
    "SIGKILL",
  );
  assertEquals(view({ exit_code: 1 }).exit, null);
  assertEquals(view({ pid: null, status: "stopped" }).exit, null);
});

Deno.test("a command is shown as one would type it", () => {
  assertEquals(commandLine(["deno", "run", "-A"]), "deno run -A");
  assertEquals(commandLine(["a b", "", "it's"]), `'a b' '' 'it'\\''s'`);
});

Deno.test("a stream without a file is told from a silent one", () => {
  const { logs } = view({ streams: ["stdout"] });
  assertEquals([logs.stdout.watched, logs.stderr.watched], [true, false]);
});
