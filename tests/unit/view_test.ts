import { assertEquals } from "@std/assert";
import { viewOf } from "../../frontend/view.ts";
import type { ProcessTraits } from "../../widget.ts";

function view(traits: Partial<ProcessTraits> = {}) {
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
    stdout_lines: [],
    stderr_lines: [],
    theme: "auto",
    polling_active: true,
    polling_interval: 1,
    error: null,
    ...traits,
  });
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
  });
  assertEquals(
    view({ health_status: "degraded", health_message: "disk full" }).health,
    { status: "degraded", message: "disk full", healthy: false },
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
  assertEquals(noticesOf({ ...unknown, stderr_lines: ["a line"] }), []);
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
